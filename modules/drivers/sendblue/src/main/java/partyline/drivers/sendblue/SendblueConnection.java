package partyline.drivers.sendblue;

import partyline.drivers.HealthCheck;
import partyline.drivers.Reconciler;

/// What the parts of one line's driver share.
record SendblueConnection(
        SendblueSettings account,
        SendblueClient calls,
        SendblueServices reach,
        HealthCheck condition,
        Reconciler reconciler) {}
