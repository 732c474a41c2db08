export database={{DATABASE}}

# put NAME, get NAME: one object, encrypted with the archive's own key. To read what is no part of
# the archive proper, pgBackRest wants to be told that key once more.
put() { archive repo-put "logical/$1"; }
get() {
  PGBACKREST_CIPHER_PASS=$(<'{{SECRETS}}/{{CIPHER_KEY}}') archive repo-get "logical/$1"
}

# One line a table, `schema.table count`, in an order that no locale changes.
readonly counting="SELECT format('SELECT %L || count(*) FROM %I.%I;',
    format('%I.%I ', schemaname, tablename), schemaname, tablename)
  FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')
  ORDER BY (schemaname || '.' || tablename) COLLATE \"C\" \\gexec"

digest_of() { sha256sum "$1" | cut -d ' ' -f 1; }

# manifest_value FIELD FILE: our own manifest is one line of plain text and digits.
manifest_value() { sed -n "s/.*\"$1\":\"\\([0-9a-z-]*\\)\".*/\\1/p" "$2"; }

# fetch NAME: a dump, its counts and its manifest, whole or not at all.
fetch() {
  local part
  for part in json counts dump; do
    get "$1.${part}" >"${work}/${part}"
  done
  [[ $(manifest_value digest "${work}/json") == "$(digest_of "${work}/dump")" ]] &&
    [[ $(manifest_value counts "${work}/json") == "$(digest_of "${work}/counts")" ]] || {
    echo "the dump '$1' is not what was written" >&2
    return 1
  }
}

# drop DATABASE: if it is there, and without a word if it is not.
drop() {
  PGOPTIONS='-c client_min_messages=warning' dropdb --if-exists --force "$1" ||
    echo "the database '$1' is left behind" >&2
}

# load DATABASE: the fetched dump into a new database, all or nothing, and compared.
load() {
  [[ -s ${work}/counts ]] || {
    echo "the dump holds no table" >&2
    return 1
  }
  drop "$1"
  createdb --template template0 --owner "{{OWNER}}" "$1"
  pg_restore --exit-on-error --single-transaction --dbname "$1" "${work}/dump"
  sql "$1" <<<"${counting}" >"${work}/found"
  diff --unified "${work}/counts" "${work}/found" >&2 || {
    echo "what was restored is not what was dumped" >&2
    return 1
  }
}
