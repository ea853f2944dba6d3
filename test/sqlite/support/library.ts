/** A database with every feature of a schema that SQLite knows. */
export const library: readonly string[] = [
  `CREATE TABLE countries (
  code text PRIMARY KEY NOT NULL,
  name text NOT NULL COLLATE NOCASE
) WITHOUT ROWID`,
  `CREATE TABLE users (
  id integer PRIMARY KEY AUTOINCREMENT NOT NULL,
  email text NOT NULL,
  nick text COLLATE NOCASE,
  age integer,
  role text DEFAULT 'reader' NOT NULL,
  score real DEFAULT 0.5,
  balance numeric(10,2) DEFAULT -1,
  avatar blob,
  active integer DEFAULT true NOT NULL,
  created_at text DEFAULT (datetime('now')) NOT NULL,
  updated_at text DEFAULT CURRENT_TIMESTAMP,
  settings text DEFAULT '{}' NOT NULL,
  untyped,
  country text REFERENCES countries(code) ON UPDATE CASCADE,
  full_name text GENERATED ALWAYS AS (nick || ' <' || email || '>') VIRTUAL,
  email_length integer GENERATED ALWAYS AS (length(email)) STORED,
  CONSTRAINT users_nick_unique UNIQUE (nick),
  CONSTRAINT adult CHECK (age >= 18),
  CHECK (role IN ('reader', 'editor', 'admin'))
)`,
  `CREATE TABLE books (
  id integer PRIMARY KEY,
  isbn varchar(13) UNIQUE,
  title text NOT NULL ON CONFLICT IGNORE,
  owner_id integer NOT NULL,
  editor_id integer,
  price integer NOT NULL CHECK (price > 0),
  CONSTRAINT books_price_limit CHECK (price < 100000),
  UNIQUE (owner_id, title) ON CONFLICT REPLACE,
  FOREIGN KEY (owner_id) REFERENCES users (id) ON DELETE CASCADE,
  FOREIGN KEY (editor_id) REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED
)`,
  `CREATE TABLE copies (
  book_id integer NOT NULL,
  number integer NOT NULL,
  shelf text,
  PRIMARY KEY (book_id, number),
  FOREIGN KEY (book_id) REFERENCES books (id)
)`,
  `CREATE TABLE loans (
  book_id integer NOT NULL,
  number integer NOT NULL,
  borrower integer NOT NULL,
  due text NOT NULL,
  FOREIGN KEY (book_id, number) REFERENCES copies (book_id, number) ON DELETE RESTRICT
)`,
  `CREATE TABLE readings (
  sensor text NOT NULL,
  at integer NOT NULL,
  value real,
  PRIMARY KEY (sensor, at DESC)
) STRICT`,
  `CREATE UNIQUE INDEX users_email_unique ON users (email)`,
  `CREATE INDEX users_lower_email_idx ON users (lower(email))`,
  `CREATE INDEX users_age_idx ON users (age DESC, role)`,
  `CREATE INDEX users_adults_idx ON users (email) WHERE age >= 18`,
  `CREATE UNIQUE INDEX books_title_idx ON books (title COLLATE NOCASE)`,
  `CREATE INDEX loans_due_idx ON loans (due)`,
  `CREATE VIEW overdue AS SELECT l.book_id, l.borrower FROM loans l WHERE l.due < date('now')`,
  `CREATE VIEW named (book, price) AS SELECT title, price FROM books`,
  `CREATE VIEW broken AS SELECT * FROM gone`,
  `CREATE TRIGGER books_audit AFTER UPDATE OF price ON books WHEN new.price <> old.price BEGIN
  UPDATE users SET score = score + 1 WHERE id = new.owner_id;
END`,
  `CREATE TRIGGER overdue_delete INSTEAD OF DELETE ON overdue BEGIN
  DELETE FROM loans WHERE book_id = old.book_id;
END`,
  `CREATE VIRTUAL TABLE books_fts USING fts5(title, content='books', content_rowid='id')`,
  `CREATE VIRTUAL TABLE places USING rtree(id, min_x, max_x)`,
];

/** The library with one statement edited: `find` must stand in exactly one of them. */
export function editLibrary(find: string, replacement: string): readonly string[] {
  const holders = library.filter((statement) => statement.includes(find));
  if (holders.length !== 1) throw new Error(`«${find}» stands in ${String(holders.length)} statements.`);
  return library.map((statement) => statement.replace(find, () => replacement));
}
