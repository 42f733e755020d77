-- Where QGIS keeps the styles of layers, with the columns and types it gives them.
create table layer_styles (
  id integer primary key autoincrement not null,
  f_table_catalog text(256),
  f_table_schema text(256),
  f_table_name text(256),
  f_geometry_column text(256),
  styleName text(30),
  styleQML text,
  styleSLD text,
  useAsDefault boolean,
  description text,
  owner text(30),
  ui text(30),
  update_time datetime
);
