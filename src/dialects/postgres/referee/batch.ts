/**
 * Many questions to a server in one message: groups of temporary objects, and what the server prints of them. Everything
 * happens in one transaction that is rolled back; what fails in one question leaves the others alone.
 */
import { beginTransaction, lastRow, type Connection } from '../drivers/connection.ts';
import { quoteLiteral } from '../quote.ts';
import { transact } from '../session.ts';

/** Makes something temporary and says how the server prints it. */
export interface Ask {
  readonly id: string;
  readonly make: string;
  /** A SELECT of one text. */
  readonly print: string;
  /** A SELECT of the statement that makes it again from what was printed. */
  readonly again: string;
}

/** Asks that need the same objects around them; the objects are gone before the next group. */
export interface Group {
  /** Each may fail; what depends on it then fails too, and is answered so. */
  readonly setup: readonly SetupStep[];
  readonly asks: readonly Ask[];
}

/** A statement, and the statements to try one by one where it fails as a whole. */
export interface SetupStep {
  readonly sql: string;
  readonly otherwise?: readonly string[];
}

export type Answer =
  | {
      /**
       * What the server prints of the text, of that print, and so on until nothing changes: what it prints first, it does
       * not always print again, although it means the same.
       */
      readonly printed: readonly string[];
    }
  | {
      /** SQLSTATE. */
      readonly code: string;
      readonly problem: string;
    };

/** Asks everything at once. @throws DriftError where the server cannot be asked at all */
export async function askServer(
  connection: Connection,
  groups: readonly Group[],
): Promise<ReadonlyMap<string, Answer>> {
  if (groups.length === 0) return new Map();
  const begin = beginTransaction(connection.limits, 'READ WRITE');
  // `public` comes first, since unqualified names in models mean that schema; then what the role looks through anyway.
  const path = `SET LOCAL search_path = ${['public', connection.server.searchPath].filter((name) => name !== '').join(', ')}; `;
  const settings =
    'SET LOCAL client_min_messages = warning; SET LOCAL quote_all_identifiers = off; SET LOCAL extra_float_digits = 1; SET LOCAL check_function_bodies = off; ';
  const results = await transact(
    connection,
    `${begin}${settings}${path}DO ${quoteLiteral(writeProgram(groups))}; SELECT pg_catalog.current_setting('drift.answers') AS answers`,
  );
  return decodeAnswers(lastRow(results)['answers'] ?? '[]');
}

type RawAnswer = readonly [
  id: string,
  printed: readonly string[] | null,
  code: string | null,
  problem: string | null,
];

function decodeAnswers(text: string): ReadonlyMap<string, Answer> {
  return new Map(
    (JSON.parse(text) as readonly RawAnswer[]).map(([id, printed, code, problem]) => [
      id,
      code === null ? { printed: printed ?? [] } : { code, problem: problem ?? '' },
    ]),
  );
}

/** SQLSTATEs of the exceptions that undo an ask and a group; no error of the server's begins with DR. */
const undoAsk = 'DR001';
const undoGroup = 'DR000';

/** Prints beyond the third have never been seen to differ. */
const generations = 3;

/** A PL/pgSQL block: each exception handler is a savepoint, so that one message is enough for everything. */
function writeProgram(groups: readonly Group[]): string {
  const questions = JSON.stringify(
    groups.map(({ setup, asks }) => ({
      setup: setup.map(({ sql, otherwise }) => ({ sql, otherwise: otherwise ?? [] })),
      asks,
    })),
  );
  return `
DECLARE
  part json; step json; ask json; statement text; make text; answer text; printed text[]; answers text[] := '{}';
BEGIN
  FOR part IN SELECT json_array_elements(${quoteLiteral(questions)}::json) LOOP
    BEGIN
      FOR step IN SELECT json_array_elements(part->'setup') LOOP
        BEGIN
          EXECUTE step->>'sql';
        EXCEPTION WHEN OTHERS THEN
          FOR statement IN SELECT json_array_elements_text(step->'otherwise') LOOP
            BEGIN
              EXECUTE statement;
            EXCEPTION WHEN OTHERS THEN
              NULL;
            END;
          END LOOP;
        END;
      END LOOP;
      FOR ask IN SELECT json_array_elements(part->'asks') LOOP
        make := ask->>'make';
        printed := '{}';
        BEGIN
          FOR generation IN 1..${String(generations)} LOOP
            BEGIN
              EXECUTE make;
              EXECUTE ask->>'print' INTO answer;
              EXECUTE ask->>'again' INTO make;
              RAISE EXCEPTION USING ERRCODE = '${undoAsk}';
            EXCEPTION WHEN SQLSTATE '${undoAsk}' THEN
              NULL;
            END;
            EXIT WHEN answer = ANY (printed);
            printed := array_append(printed, answer);
          END LOOP;
          answers := array_append(answers, json_build_array(ask->>'id', to_json(printed), NULL, NULL)::text);
        EXCEPTION WHEN OTHERS THEN
          IF cardinality(printed) > 0 THEN
            answers := array_append(answers, json_build_array(ask->>'id', to_json(printed), NULL, NULL)::text);
          ELSE
            answers := array_append(answers, json_build_array(ask->>'id', NULL, SQLSTATE, SQLERRM)::text);
          END IF;
        END;
      END LOOP;
      RAISE EXCEPTION USING ERRCODE = '${undoGroup}';
    EXCEPTION WHEN SQLSTATE '${undoGroup}' THEN
      NULL;
    END;
  END LOOP;
  PERFORM set_config('drift.answers', '[' || array_to_string(answers, ',') || ']', true);
END`;
}
