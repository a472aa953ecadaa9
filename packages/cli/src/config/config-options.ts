import { type Command, Option } from 'commander';
import { CONFIG_KEYS, type ConfigKey } from './config-keys.ts';
import { shownValue, type WrittenValue } from './read-value.ts';

/** Title under which the help of a command lists the options of the configuration. */
export const CONFIG_HELP_GROUP = 'Configuration, each over its variable and the file:';

/** Gives a command an option for every key of the configuration that is no secret. */
export function addConfigOptions(command: Command): Command {
  for (const key of CONFIG_KEYS) {
    if (key.flag !== undefined) command.addOption(optionOf(key, key.flag).helpGroup(CONFIG_HELP_GROUP));
  }
  return command;
}

/** The options of the configuration that were given to a command, by the name of the key, as `loadConfig` takes them. */
export function configFlagsOf(command: Command): Readonly<Record<string, WrittenValue>> {
  const given: Record<string, WrittenValue> = {};
  for (const option of command.options) {
    const key = CONFIG_KEYS.find(({ flag }) => flag !== undefined && flag === option.long);
    const value: unknown = command.getOptionValue(option.attributeName());
    if (key !== undefined && value !== undefined) given[key.name] = value as WrittenValue;
  }
  return given;
}

function optionOf(key: ConfigKey, flag: string): Option {
  const isList = key.kind === 'list of texts';
  const unit = key.unit === '' ? '' : `, ${key.unit}`;
  const description = `${key.description.replace(/\.$/, '')} (${key.name}${unit}; default ${shownValue(key.default)})`;
  const option = new Option(`${flag} <${isList ? 'list' : placeholderOf(key)}>`, description);
  // Said once with commas, or several times.
  return isList ? option.argParser((text: string, before: readonly string[] | undefined) => [...(before ?? []), text]) : option;
}

function placeholderOf({ kind, isPath }: ConfigKey): string {
  if (isPath) return 'path';
  return kind === 'whole number' ? 'number' : kind === 'true or false' ? 'true|false' : 'text';
}
