/**
 * commander is CommonJS. Required, it is only compiled; imported, Node would first look through all of it for the names
 * that it exports, at every start.
 */
import { createRequire } from 'node:module';
import type * as commander from 'commander';

export const { Command, CommanderError, Help, Option } = createRequire(import.meta.url)(
  'commander',
) as typeof commander;

export type Command = commander.Command;
export type CommanderError = commander.CommanderError;
export type Option = commander.Option;
