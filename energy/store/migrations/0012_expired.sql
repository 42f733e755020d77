-- Whether any readings of a site have expired is asked with each day that is
-- written, and hardly ever so.
create index log_leaf_expired on log_leaf (site_id) where kind = 'expired';
