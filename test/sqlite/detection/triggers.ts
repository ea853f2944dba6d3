import { run, type Case } from './cases.ts';
import { library } from '../support/library.ts';

const trigger = library.find((text) => text.startsWith('CREATE TRIGGER books_audit')) ?? '';
const triggerEdits: readonly (readonly [string, string, string])[] = [
  ['body', 'score + 1', 'score + 2'],
  ['timing', 'AFTER', 'BEFORE'],
  ['event', 'UPDATE OF price', 'UPDATE'],
  ['columns', 'OF price', 'OF price, title'],
  ['condition', 'new.price <> old.price', 'new.price > old.price'],
  ['condition dropped', 'WHEN new.price <> old.price ', ''],
];
export const triggers: readonly Case[] = triggerEdits.map(([name, find, replacement]) => {
  const changed = trigger.replace(find, replacement);
  return [
    `trigger ${name}`,
    run('DROP TRIGGER books_audit', changed),
    ['trigger.alter', 'books.books_audit', { definition: [changed, trigger] }],
  ];
});
