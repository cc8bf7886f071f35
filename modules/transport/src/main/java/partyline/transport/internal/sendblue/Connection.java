package partyline.transport.internal.sendblue;

import partyline.transport.internal.remote.Condition;
import partyline.transport.internal.remote.Reconciler;

/// What the parts of one line's driver share.
record Connection(Account account, Calls calls, Reach reach, Condition condition, Reconciler reconciler) {}
