package partyline.drivers.twilio;

import partyline.drivers.HealthCheck;
import partyline.drivers.Reconciler;

/// What the parts of one line's driver share.
record TwilioConnection(
        TwilioSettings account,
        TwilioClient calls,
        TwilioWebhooks hooks,
        HealthCheck condition,
        Reconciler reconciler) {}
