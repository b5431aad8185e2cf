#!/bin/sh
# What a new database server gets: the service's own user, who is no superuser, and its database.
# It may make databases for the drills, and end a file of the log for `drill pitr`; nothing else.
set -eu
psql --quiet --set ON_ERROR_STOP=1 --set password="$LABOUR_BOOK_PASSWORD" \
    --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
CREATE ROLE labour_book LOGIN NOSUPERUSER NOCREATEROLE CREATEDB PASSWORD :'password';
CREATE DATABASE labour_book OWNER labour_book;
REVOKE CONNECT ON DATABASE labour_book FROM PUBLIC;
\connect labour_book
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO labour_book;
GRANT EXECUTE ON FUNCTION pg_switch_wal() TO labour_book;
SQL
