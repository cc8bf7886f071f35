package partyline.drivers.twilio;

import partyline.drivers.Condition;
import partyline.drivers.Reconciler;

/// What the parts of one line's driver share.
record Connection(Account account, Calls calls, Hooks hooks, Condition condition, Reconciler reconciler) {}
