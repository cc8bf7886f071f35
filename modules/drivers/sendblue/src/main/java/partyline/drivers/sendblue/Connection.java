package partyline.drivers.sendblue;

import partyline.drivers.Condition;
import partyline.drivers.Reconciler;

/// What the parts of one line's driver share.
record Connection(Account account, Calls calls, Reach reach, Condition condition, Reconciler reconciler) {}
