/** What is in a database, and what of it is no longer there later. */

const quote = (name) => `"${name.replaceAll('"', '""')}"`;

/** Tables with rows of their own: neither SQLite's nor those of a virtual table or of a migrator. */
const tablesQuery = `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table'
  AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> '__drizzle_migrations' ORDER BY name`;

/**
 * @param {import('better-sqlite3').Database} db
 * @param {Record<string, string[]>} keeps
 */
export function observe(db, keeps) {
  const objects = db
    .prepare(
      "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view', 'index') AND sql IS NOT NULL",
    )
    .all();
  return {
    tables: new Map(
      db
        .prepare(tablesQuery)
        .all()
        .map((table) => [table.name, readTable(db, table)]),
    ),
    objects: objects.map(({ type, name }) => `${type} ${name}`).sort(),
    sequences: new Map(
      hasTable(db, 'sqlite_sequence') ? db.prepare('SELECT * FROM sqlite_sequence').raw().all() : [],
    ),
    orphans: db.pragma('foreign_key_check').length,
    kept: new Map(Object.entries(keeps).map(([name, statements]) => [name, outcomeOf(db, statements)])),
  };
}

/** Everything, for telling whether anything at all has changed. */
export function dump(db) {
  const tables = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'shadow') AND name <> '__drizzle_migrations' ORDER BY name",
    )
    .pluck()
    .all();
  return JSON.stringify([
    db
      .prepare(
        "SELECT type, name, sql FROM sqlite_schema WHERE tbl_name <> '__drizzle_migrations' ORDER BY type, name",
      )
      .all(),
    tables
      .filter((name) => name !== 'sqlite_schema')
      .map((name) => [
        name,
        db
          .prepare(`SELECT * FROM ${quote(name)}`)
          .raw()
          .all()
          .map(String),
      ]),
  ]);
}

function hasTable(db, name) {
  return db.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').get(name) !== undefined;
}

function readTable(db, { name, wr }) {
  const columns = db.prepare('SELECT name, type, pk FROM pragma_table_xinfo(?)').all(name);
  const keys = columns.filter(({ pk }) => pk > 0);
  const isAlias = keys.length === 1 && /^integer$/i.test(keys[0].type);
  // A value with its storage class: '7' and 7 are not the same.
  const list = columns.map((column) => `quote(${quote(column.name)}) AS ${quote(column.name)}`);
  const rowid = wr || isAlias ? 'NULL' : '_rowid_';
  return {
    keys: keys.map((column) => column.name),
    rows: db.prepare(`SELECT ${[...list, `${rowid} AS "(rowid)"`].join(', ')} FROM ${quote(name)}`).all(),
  };
}

/** What the last of the statements gives, or what the first that fails says. Nothing of them stays. */
function outcomeOf(db, statements) {
  db.exec('BEGIN');
  try {
    let rows = [];
    for (const sql of statements) {
      const statement = db.prepare(sql);
      rows = statement.reader ? statement.raw().all() : [];
      if (!statement.reader) statement.run();
    }
    return JSON.stringify(rows);
  } catch (error) {
    return `error ${error.code}`;
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

/**
 * Names what was there before and is not there after.
 * @param {import('./scenarios.js').Scenario} scenario
 * @returns {string[]}
 */
export function findLosses(scenario, before, after) {
  const losses = [
    ...[...before.tables].flatMap(([name, table]) => findLostRows(scenario, name, table, after)),
    ...before.objects.filter((object) => !after.objects.includes(object) && !isDropped(scenario, object)),
    ...[...before.sequences].flatMap(([name, value]) => {
      const now = after.sequences.get(name);
      return now === value ? [] : [`the sequence: ${value}, now ${now ?? 'none'}`];
    }),
    ...[...before.kept].flatMap(([name, outcome]) => (after.kept.get(name) === outcome ? [] : [name])),
    ...(after.orphans > before.orphans
      ? [`the parents of ${count(after.orphans - before.orphans, 'row')}`]
      : []),
  ];
  // An object that is gone does not do what it did either.
  return [...new Set(losses)];
}

/** An index of the models that are changed goes with them. */
function isDropped({ change }, object) {
  const name = object.split(' ')[1];
  return change.some(([from, to]) => from.includes(`'${name}'`) && !to.includes(`'${name}'`));
}

function findLostRows(scenario, name, table, after) {
  const now = after.tables.get(scenario.renamed?.[name] ?? name);
  if (now === undefined) return [`the table ${name}`];
  const newName = (column) => scenario.renamed?.[`${name}.${column}`] ?? column;
  const keyOf = (row, rename) => JSON.stringify(table.keys.map((column) => row[rename(column)]));
  const found = new Map(now.rows.map((row) => [keyOf(row, newName), row]));
  const pairs = table.rows.map((row) => [row, found.get(keyOf(row, (column) => column))]);
  const kept = pairs.filter(([, row]) => row !== undefined);
  const lost = pairs.length - kept.length;
  const columns = Object.keys(table.rows[0] ?? {});
  return [
    ...(lost > 0 ? [`${count(lost, 'row')} of ${name}`] : []),
    ...columns.flatMap((column) => describeValues(scenario, name, column, newName(column), kept)),
  ];
}

function describeValues(scenario, table, column, newColumn, pairs) {
  const mayChange = scenario.values?.includes(`${table}.${column}`) ?? false;
  const changed = pairs.filter(
    ([before, after]) => newColumn in after && !isSame(before[column], after[newColumn], mayChange),
  );
  if (changed.length === 0) return [];
  if (column === '(rowid)') return [`rowids of ${count(changed.length, 'row')}`];
  const [[before, after]] = changed;
  return [
    `${count(changed.length, 'value')} of ${table}.${column} (${before[column]} is now ${after[newColumn]})`,
  ];
}

/** Where the type is changed on purpose, the text of the value has to be the same; where NULL is filled, anything goes. */
function isSame(before, after, mayChange) {
  if (before === after) return true;
  if (!mayChange) return false;
  const bare = (value) => value.replace(/^'(.*)'$/s, '$1').replace(/[!?]$/, '');
  return before === 'NULL' || bare(before) === bare(after);
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
