/** How large the scenarios are. */
export type TwinsSettings = {
  readonly validators: number;
  /** So many keys are used by two instances each. */
  readonly twins: number;
  /** In so many groups the instances are in each round, each group cut off from the others. */
  readonly partitions: number;
  readonly rounds: number;
};

/**
 * One round: the group of every instance. Instances 0 to n − 1 have a key each; instance n + i has the key of instance i as well. Groups are
 * numbered in the order in which they first occur.
 */
export type Grouping = readonly number[];

/** Another numbering of the instances that changes nothing but their names. */
export type Renaming = readonly number[];

/** All ways to put the instances into exactly so many groups. */
export function allGroupings({ validators, twins, partitions }: TwinsSettings): readonly Grouping[] {
  const found: Grouping[] = [];
  const extend = (groups: readonly number[], used: number): void => {
    if (groups.length === validators + twins) {
      if (used === partitions) found.push(groups);
      return;
    }
    for (let group = 0; group <= used && group < partitions; group++) extend([...groups, group], Math.max(used, group + 1));
  };
  extend([], 0);
  return found;
}

/** Renamings that keep every leader: twins of one key change places, and honest instances that lead alike, here never or in the same rounds. */
export function renamingsOf({ validators, twins }: TwinsSettings, leaders: readonly number[]): readonly Renaming[] {
  const honest = Array.from({ length: validators - twins }, (_, index) => twins + index).filter((node) => !leaders.includes(node));
  const identity = Array.from({ length: validators + twins }, (_, index) => index);
  let renamings: Renaming[] = permutationsOf(honest).map((permuted) =>
    identity.map((instance) => {
      const at = honest.indexOf(instance);
      return at < 0 ? instance : (permuted[at] as number);
    }),
  );
  for (let twin = 0; twin < twins; twin++)
    renamings = renamings.flatMap((renaming) => [
      renaming,
      renaming.map((instance) => (instance === twin ? validators + twin : instance === validators + twin ? twin : instance)),
    ]);
  return renamings;
}

/** The number that stands for a grouping under another naming. */
export function renameGrouping(grouping: Grouping, renaming: Renaming): string {
  const moved: number[] = [];
  for (const [instance, group] of grouping.entries()) moved[renaming[instance] as number] = group;
  const numbers = new Map<number, number>();
  return moved
    .map((group) => {
      const number = numbers.get(group) ?? numbers.size;
      numbers.set(group, number);
      return number;
    })
    .join('');
}

/** Sequences of leaders that differ in more than the names of honest instances. */
export function leaderClass({ twins }: TwinsSettings, leaders: readonly number[]): string {
  const names = new Map<number, number>();
  return leaders
    .map((leader) => {
      if (leader < twins) return leader;
      const name = names.get(leader) ?? twins + names.size;
      names.set(leader, name);
      return name;
    })
    .join(' ');
}

/** All sequences of leaders. */
export function allLeaders({ validators, rounds }: TwinsSettings): readonly (readonly number[])[] {
  let sequences: (readonly number[])[] = [[]];
  for (let round = 0; round < rounds; round++)
    sequences = sequences.flatMap((sequence) => Array.from({ length: validators }, (_, leader) => [...sequence, leader]));
  return sequences;
}

function permutationsOf(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item) => permutationsOf(items.filter((each) => each !== item)).map((rest) => [item, ...rest]));
}
