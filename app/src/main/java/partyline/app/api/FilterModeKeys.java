package partyline.app.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import partyline.app.http.Body;
import partyline.app.http.ValidationError;
import partyline.identities.FilterMode;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.FilterModes.Channel;
import tools.jackson.databind.node.ObjectNode;

/// The filter modes as the wire has them: for each channel one for both ways, and one for each way. iMessage has the
/// phone's, so its own key is another name for the phone's.
final class FilterModeKeys {

    static final List<String> ALL = List.of(
            "imessage_filter_mode",
            "phone_filter_mode",
            "phone_inbound_filter_mode",
            "phone_outbound_filter_mode",
            "mail_filter_mode",
            "mail_inbound_filter_mode",
            "mail_outbound_filter_mode");

    private static final Set<String> MODES = Set.of("whitelist", "blacklist");

    private FilterModeKeys() {}

    /// What the body makes of modes. It is read and judged here, so that the edit can be part of a write.
    static UnaryOperator<FilterModes> edit(Body body) {
        Optional<FilterMode> imessage = mode(body, "imessage_filter_mode");
        Optional<FilterMode> phone = mode(body, "phone_filter_mode");
        if (imessage.isPresent() && phone.isPresent() && !imessage.equals(phone)) {
            throw ValidationError.body(
                    "phone_filter_mode",
                    "contradicts imessage_filter_mode, which is the same setting: give one of them");
        }
        UnaryOperator<Channel> phones = edit(body, "phone", imessage.or(() -> phone));
        UnaryOperator<Channel> mails = edit(body, "mail", mode(body, "mail_filter_mode"));
        return before -> new FilterModes(phones.apply(before.phone()), mails.apply(before.mail()));
    }

    /// Writes all modes of an identity.
    static void put(ObjectNode json, FilterModes modes) {
        json.put("imessage_filter_mode", modes.phone().shared().wire());
        put(json, "phone", modes.phone());
        put(json, "mail", modes.mail());
    }

    private static void put(ObjectNode json, String channel, Channel modes) {
        json.put(channel + "_filter_mode", modes.shared().wire());
        json.put(channel + "_inbound_filter_mode", modes.inbound().wire());
        json.put(channel + "_outbound_filter_mode", modes.outbound().wire());
    }

    private static UnaryOperator<Channel> edit(Body body, String channel, Optional<FilterMode> both) {
        Optional<FilterMode> inbound = directed(body, channel + "_inbound_filter_mode", both);
        Optional<FilterMode> outbound = directed(body, channel + "_outbound_filter_mode", both);
        return before -> both.map(Channel::both)
                .orElseGet(() -> new Channel(
                        inbound.orElse(before.inbound()), outbound.orElse(before.outbound()), before.baseline()));
    }

    private static Optional<FilterMode> directed(Body body, String key, Optional<FilterMode> both) {
        Optional<FilterMode> mode = mode(body, key);
        if (mode.isPresent() && both.isPresent()) {
            throw ValidationError.body(key, "cannot stand beside the mode for both ways: give one of them");
        }
        return mode;
    }

    /// Null is no mode.
    private static Optional<FilterMode> mode(Body body, String key) {
        Optional<FilterMode> mode =
                body.oneOf(key, MODES).map(text -> FilterMode.valueOf(text.toUpperCase(Locale.ROOT)));
        if (mode.isEmpty() && body.has(key)) {
            throw ValidationError.body(key, "must be one of blacklist, whitelist");
        }
        return mode;
    }
}
