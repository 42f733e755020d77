-- Keeps the index of a layer true when a program changes it: OGC 12-128r17, annex
-- F.3. The functions ST_… are those of the program that opens the file.
create trigger "rtree_{t}_geom_insert" after insert on "{t}"
  when (new."geom" notnull and not ST_IsEmpty(new."geom"))
begin
  insert or replace into "rtree_{t}_geom" values (new."fid", ST_MinX(new."geom"), ST_MaxX(new."geom"), ST_MinY(new."geom"), ST_MaxY(new."geom"));
end;
create trigger "rtree_{t}_geom_update1" after update of "geom" on "{t}"
  when old."fid" = new."fid" and (new."geom" notnull and not ST_IsEmpty(new."geom"))
begin
  insert or replace into "rtree_{t}_geom" values (new."fid", ST_MinX(new."geom"), ST_MaxX(new."geom"), ST_MinY(new."geom"), ST_MaxY(new."geom"));
end;
create trigger "rtree_{t}_geom_update2" after update of "geom" on "{t}"
  when old."fid" = new."fid" and (new."geom" isnull or ST_IsEmpty(new."geom"))
begin
  delete from "rtree_{t}_geom" where id = old."fid";
end;
create trigger "rtree_{t}_geom_update3" after update on "{t}"
  when old."fid" != new."fid" and (new."geom" notnull and not ST_IsEmpty(new."geom"))
begin
  delete from "rtree_{t}_geom" where id = old."fid";
  insert or replace into "rtree_{t}_geom" values (new."fid", ST_MinX(new."geom"), ST_MaxX(new."geom"), ST_MinY(new."geom"), ST_MaxY(new."geom"));
end;
create trigger "rtree_{t}_geom_update4" after update on "{t}"
  when old."fid" != new."fid" and (new."geom" isnull or ST_IsEmpty(new."geom"))
begin
  delete from "rtree_{t}_geom" where id in (old."fid", new."fid");
end;
create trigger "rtree_{t}_geom_delete" after delete on "{t}"
  when old."geom" notnull
begin
  delete from "rtree_{t}_geom" where id = old."fid";
end;
