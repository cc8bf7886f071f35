package partyline.app.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.ValidationError;
import partyline.contacts.ContactAddress;
import partyline.contacts.ContactAddress.Kind;
import partyline.contacts.PermissionChange;
import partyline.contacts.PermissionChange.Wish;
import partyline.rules.Direction;
import tools.jackson.databind.JsonNode;

/// What a body wants an agent to be permitted, in either of its two shapes: maps of addresses (`phones`,
/// `inbound_phones`, …), or groups of lists (`phone: {contactable, …}`). Null asks for nothing that could be done,
/// so it is refused.
final class PermissionFields {

    private static final List<String> MAPS =
            List.of("emails", "inbound_emails", "outbound_emails", "phones", "inbound_phones", "outbound_phones");
    private static final List<String> GROUPS = List.of("email", "phone");
    private static final String PROFILE = "profile";
    private static final String MEMORIES = "memories";
    private static final int MOST = 50;

    /// The keys that say something of both sides, or of one.
    private record Keys(String both, String inbound, String outbound) {}

    private final Body body;
    /// What the body's keys begin with.
    private final String place;

    private PermissionFields(Body body, String place) {
        this.body = body;
        this.place = place;
    }

    static PermissionChange maps(Body body) {
        return new PermissionFields(body.only(keys("", MAPS)), "").change(false);
    }

    static PermissionChange groups(Body body) {
        return new PermissionFields(body.only(keys("", GROUPS)), "").change(true);
    }

    /// What the object under `permissions` of a new contact says, which also names the identity.
    static PermissionChange inside(Body body, String place) {
        boolean groups = GROUPS.stream().map(place::concat).anyMatch(body::has);
        if (groups && MAPS.stream().map(place::concat).anyMatch(body::has)) {
            throw ValidationError.body(place + "email", "or phone and maps of addresses are two shapes: send one");
        }
        String[] known = keys(place, groups ? GROUPS : MAPS, "identity_id");
        return new PermissionFields(body.only(known), place).change(groups);
    }

    private static String[] keys(String place, List<String> some, String... more) {
        return Stream.of(List.of(PROFILE, MEMORIES), some, List.of(more))
                .flatMap(List::stream)
                .map(place::concat)
                .toArray(String[]::new);
    }

    private PermissionChange change(boolean groups) {
        refuseNulls(body);
        Optional<Boolean> profile = body.flag(place + PROFILE);
        List<Wish> wishes = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            wishes.addAll(groups ? group(kind, profile) : maps(kind));
        }
        boolean shows = Stream.of(Kind.values())
                .anyMatch(kind ->
                        body.json().path(place + kind.wire()).path("visible").booleanValue(false));
        PermissionChange change = new PermissionChange(profile, body.flag(place + MEMORIES), shows, wishes);
        if (profile.equals(Optional.of(false)) && change.opens()) {
            throw closedProfile(place + PROFILE);
        }
        return change;
    }

    static ApiException closedProfile(String key) {
        return ValidationError.body(key, "is false, which hides the whole contact: nothing else of it can be allowed");
    }

    private static void refuseNulls(Body body) {
        body.json()
                .propertyStream()
                .filter(field -> field.getValue().isNull())
                .findFirst()
                .ifPresent(field -> {
                    throw ValidationError.body(field.getKey(), "must not be null: leave it out to keep it as it is");
                });
    }

    private List<Wish> maps(Kind kind) {
        String plural = kind.wire() + "s";
        Keys keys = new Keys(place + plural, place + "inbound_" + plural, place + "outbound_" + plural);
        return sided(body, keys, (side, key) -> new Wish(kind, side, map(kind, key), false));
    }

    private List<Wish> group(Kind kind, Optional<Boolean> profile) {
        String key = place + kind.wire();
        if (!body.has(key)) {
            return List.of();
        }
        JsonNode object = body.json().path(key);
        if (!object.isObject()) {
            throw ValidationError.body(key, "must be an object");
        }
        String inner = key + ".";
        Keys keys = new Keys(inner + "contactable", inner + "inbound_contactable", inner + "outbound_contactable");
        Body group = Body.placed(inner, object).only(inner + "visible", keys.both(), keys.inbound(), keys.outbound());
        refuseNulls(group);
        List<Wish> wishes = sided(group, keys, (side, list) -> new Wish(kind, side, list(group, kind, list), true));
        if (!group.flag(inner + "visible", true) && !profile.equals(Optional.of(false))) {
            throw ValidationError.body(
                    inner + "visible",
                    "can be false only with profile false: addresses are hidden with the whole contact");
        }
        return wishes;
    }

    private interface Reading {
        Wish of(Direction side, String key);
    }

    /// What is said of both sides at once, or of each apart.
    private static List<Wish> sided(Body body, Keys keys, Reading reading) {
        if (body.has(keys.both()) && (body.has(keys.inbound()) || body.has(keys.outbound()))) {
            throw ValidationError.body(
                    keys.both(), "means both sides: send it, or %s and %s".formatted(keys.inbound(), keys.outbound()));
        }
        String inbound = body.has(keys.both()) ? keys.both() : keys.inbound();
        String outbound = body.has(keys.both()) ? keys.both() : keys.outbound();
        List<Wish> wishes = new ArrayList<>();
        if (body.has(inbound)) {
            wishes.add(reading.of(Direction.INBOUND, inbound));
        }
        if (body.has(outbound)) {
            wishes.add(reading.of(Direction.OUTBOUND, outbound));
        }
        return wishes;
    }

    private Map<String, Boolean> map(Kind kind, String key) {
        JsonNode object = body.json().path(key);
        if (!object.isObject() || object.size() > MOST) {
            throw ValidationError.body(key, "must be an object of at most " + MOST + " addresses");
        }
        Map<String, Boolean> map = new HashMap<>();
        Body addresses = Body.placed(key + ".", object);
        refuseNulls(addresses);
        object.propertyNames()
                .forEach(name -> map.put(
                        text(kind, name), addresses.flag(key + "." + name).orElseThrow()));
        return map;
    }

    private static Map<String, Boolean> list(Body group, Kind kind, String key) {
        Map<String, Boolean> map = new HashMap<>();
        group.texts(key, MOST).forEach(address -> map.put(text(kind, address), true));
        return map;
    }

    private static String text(Kind kind, String text) {
        return kind == Kind.EMAIL ? ContactAddress.email(text).text() : text;
    }
}
