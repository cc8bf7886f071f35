package partyline.transport.internal.twilio;

import partyline.transport.internal.remote.Condition;
import partyline.transport.internal.remote.Reconciler;

/// What the parts of one line's driver share.
record Connection(Account account, Calls calls, Hooks hooks, Condition condition, Reconciler reconciler) {}
