import type { LedgerModule } from '../module.ts';
import { join } from './join.ts';
import { leave } from './leave.ts';
import { stakes } from './membership-invariants.ts';
import { setAccount } from './set-account.ts';
import { setMember } from './set-member.ts';

/** Who belongs to the community and what each may do. */
export const membershipModule: LedgerModule = {
  name: 'membership',
  operations: { SetAccount: setAccount, Join: join, Leave: leave, SetMember: setMember },
  scheduledWork: {},
  invariants: [stakes],
};
