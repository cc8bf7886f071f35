package partyline.drivers.simulator;

import partyline.kernel.Ids;

/// Names of bubbles and tapbacks, as a provider would make them: `sim_` and 32 hex digits.
final class ProviderIds {

    private ProviderIds() {}

    static String next(Ids ids) {
        return "sim_" + ids.next().text().replace("-", "");
    }
}
