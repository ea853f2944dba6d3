import { describe, expect, it } from 'vitest';
import {
  mayChangeSchema,
  splitAtBreakpoints,
  splitForReplay,
} from '../../src/project/migrations/statements.ts';

const texts = (sql: string, dialect: 'postgres' | 'sqlite' = 'postgres'): readonly string[] =>
  splitForReplay({ sql }, dialect).map(({ text }) => text);

describe('splitAtBreakpoints', () => {
  it('splits at breakpoints and says on which line each statement begins', () => {
    const sql =
      'A;\r\n--> statement-breakpoint\r\n\r\n  B;\n--> statement-breakpoint\nC;--> statement-breakpoint\nD';
    expect(splitAtBreakpoints({ sql })).toEqual([
      { text: 'A;', line: 1 },
      { text: 'B;', line: 4 },
      { text: 'C;', line: 6 },
      { text: 'D', line: 7 },
    ]);
  });

  it('leaves a file without breakpoints whole, and drops its byte order mark', () => {
    expect(splitAtBreakpoints({ sql: '\uFEFFA; B;' })).toEqual([{ text: 'A; B;', line: 1 }]);
    expect(splitAtBreakpoints({ sql: ' \n' })).toEqual([]);
  });
});

describe('splitForReplay', () => {
  it.each([
    [
      "ALTER TYPE a ADD VALUE 'x;y'; UPDATE t SET a = 'x''; ';",
      ["ALTER TYPE a ADD VALUE 'x;y'", "UPDATE t SET a = 'x''; '"],
    ],
    [
      'CREATE INDEX CONCURRENTLY i ON t (a);\n-- and;\nSELECT 1',
      ['CREATE INDEX CONCURRENTLY i ON t (a)', '-- and;\nSELECT 1'],
    ],
    ['DO $$ BEGIN x; END $$; A', ['DO $$ BEGIN x; END $$', 'A']],
    ['DO $a_1$ BEGIN $$;$$; END $a_1$; A', ['DO $a_1$ BEGIN $$;$$; END $a_1$', 'A']],
    ["SELECT E'\\';'; A", ["SELECT E'\\';'", 'A']],
    ['/* ; */ A; "b;""c"; -- end ;', ['/* ; */ A', '"b;""c"']],
    [
      'CREATE RULE r AS ON INSERT TO t DO ALSO (A; B); C',
      ['CREATE RULE r AS ON INSERT TO t DO ALSO (A; B)', 'C'],
    ],
    [
      'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; A',
      ['CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END', 'A'],
    ],
    ['BEGIN; A; COMMIT;', ['A']],
    [
      'commit work; -- why\nstart transaction; end; begin isolation level serializable; rollback',
      ['begin isolation level serializable', 'rollback'],
    ],
  ])('splits %j for PostgreSQL', (sql, expected) => {
    expect(texts(sql)).toEqual(expected);
  });

  it('leaves the texts of SQLite whole', () => {
    expect(texts('A; B;', 'sqlite')).toEqual(['A; B;']);
  });

  it('leaves out a text that only begins or ends a transaction', () => {
    const sql = ['COMMIT TRANSACTION;', 'PRAGMA foreign_keys = OFF;', '/* on */ begin immediate;', 'A'];
    expect(texts(sql.join('\n--> statement-breakpoint\n'), 'sqlite')).toEqual([
      'PRAGMA foreign_keys = OFF;',
      'A',
    ]);
  });
});

describe('mayChangeSchema', () => {
  it.each([
    ['INSERT INTO a VALUES (1)', false],
    ['-- note\n/* x */ update a set b = 1', false],
    ['INSERT INTO a VALUES (1); CREATE TABLE b (c)', true],
    ['CREATE TABLE a (b)', true],
    ["SELECT create_hypertable('a', 'b')", true],
    ['DO $$ BEGIN END $$', true],
  ])('%j: %s', (text, expected) => {
    expect(mayChangeSchema(text)).toBe(expected);
  });
});
