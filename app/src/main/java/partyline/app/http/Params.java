package partyline.app.http;

import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.conversations.IdempotencyKey;
import partyline.identities.Handle;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// A request's path and query parameters, checked. A wrong one is a 422 that names it; a path that cannot name anything
/// is a 404.
public final class Params {

    private static final int MOST = 200;
    private static final int USUAL = 50;
    /// Where a page begins.
    private static final Set<String> PLACES = Set.of("cursor", "offset", "after");
    private static final String ONCE = "Idempotency-Key";
    /// What an idempotency key may be, to be read after the name of whatever says it.
    public static final String KEY_SHAPE = "must have 1 to 255 printable ASCII characters, not all of them spaces";
    private static final String NUMBER = "must be an E.164 number such as +12025550140 (+ as %2B)";
    private static final Pattern KEY = Pattern.compile("[ -~]{1,255}");

    private Params() {}

    /// `limit`: 1 to 200, 50 without.
    public static int limit(Context ctx) {
        return number(ctx, "limit", USUAL, 1, MOST);
    }

    /// `limit` of a list that takes any number and cuts it to 1 to 200.
    public static int clampedLimit(Context ctx) {
        return Math.clamp(number(ctx, "limit", USUAL, Integer.MIN_VALUE, Integer.MAX_VALUE), 1, MOST);
    }

    public static int offset(Context ctx) {
        return number(ctx, "offset", 0, 0, Integer.MAX_VALUE);
    }

    public static Optional<Boolean> flag(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name)).map(text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw ValidationError.query(name, "must be true or false");
        });
    }

    public static Optional<String> oneOf(Context ctx, String name, Set<String> names) {
        return Optional.ofNullable(ctx.queryParam(name)).map(text -> {
            if (!names.contains(text)) {
                throw ValidationError.query(
                        name,
                        "must be one of "
                                + String.join(", ", names.stream().sorted().toList()));
            }
            return text;
        });
    }

    public static String text(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> ValidationError.query(name, "is required"));
    }

    /// Refuses every other parameter of a change: what nobody reads here must not look done.
    public static void only(Context ctx, String... names) {
        for (String name : ctx.queryParamMap().keySet()) {
            if (!Set.of(names).contains(name)) {
                throw ValidationError.query(name, "is not known here, so nothing was changed: leave it out");
            }
        }
    }

    public static Optional<Id> id(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name))
                .map(text -> Id.tryParse(text).orElseThrow(() -> ValidationError.query(name, "must be a UUID")));
    }

    public static Id pathId(Context ctx, String name) {
        return Id.tryParse(ctx.pathParam(name)).orElseThrow(() -> ValidationError.path(name, "must be a UUID"));
    }

    public static Optional<PhoneNumber> number(Context ctx, String name) {
        return Optional.ofNullable(ctx.queryParam(name))
                .map(text -> PhoneNumber.parse(text).orElseThrow(() -> ValidationError.query(name, NUMBER)));
    }

    public static Handle pathHandle(Context ctx) {
        return Handle.parse(ctx.pathParam("handle")).orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
    }

    public static PhoneNumber pathNumber(Context ctx) {
        return PhoneNumber.parse(ctx.pathParam("number")).orElseThrow(() -> ValidationError.path("number", NUMBER));
    }

    /// The client's `Idempotency-Key` for a call.
    public static Optional<IdempotencyKey> once(Context ctx, String endpoint) {
        return Optional.ofNullable(ctx.header(ONCE))
                .map(text -> key(endpoint, text).orElseThrow(() -> ValidationError.header(ONCE, KEY_SHAPE)));
    }

    /// The key that `text` spells for a call; empty when it cannot be one.
    public static Optional<IdempotencyKey> key(String endpoint, String text) {
        return KEY.matcher(text).matches() && !text.isBlank()
                ? Optional.of(new IdempotencyKey(endpoint, text))
                : Optional.empty();
    }

    /// The same for a call that needs one, and these parameters (name, and what to give): whatever is missing is named
    /// at once.
    public static IdempotencyKey onceGiven(Context ctx, String endpoint, List<Map.Entry<String, String>> needed) {
        Optional<IdempotencyKey> once = once(ctx, endpoint);
        List<ApiException> missing = new ArrayList<>();
        if (once.isEmpty()) {
            missing.add(ValidationError.header(ONCE, "is required: the key of the send"));
        }
        needed.stream()
                .filter(it -> Optional.ofNullable(ctx.queryParam(it.getKey()))
                        .orElse("")
                        .isBlank())
                .forEach(it -> missing.add(ValidationError.query(it.getKey(), "is required: " + it.getValue())));
        if (!missing.isEmpty()) {
            throw ValidationError.all(missing);
        }
        return once.orElseThrow();
    }

    /// The `Link` to the page after the one that ends with `last`: the same request with a cursor, which stays where it
    /// is while newer rows come. Relative to the request, so that it also leads there below a path of a proxy.
    public static String next(Context ctx, Id last) {
        return next(ctx, "cursor=" + last.text());
    }

    /// The same where rows are people in the order of their numbers.
    public static String next(Context ctx, PhoneNumber last) {
        return next(ctx, "cursor=" + encode(last.text()));
    }

    /// The same of a list that goes towards what is newer.
    public static String following(Context ctx, Id last) {
        return next(ctx, "after=" + last.text());
    }

    /// The same with an offset.
    public static String next(Context ctx, int offset) {
        return next(ctx, "offset=" + offset);
    }

    private static String next(Context ctx, String where) {
        String others = ctx.queryParamMap().entrySet().stream()
                .filter(entry -> !PLACES.contains(entry.getKey()))
                .flatMap(entry ->
                        entry.getValue().stream().map(value -> encode(entry.getKey()) + "=" + encode(value) + "&"))
                .collect(Collectors.joining());
        return "<" + ctx.path().replaceFirst(".*/", "") + "?" + others + where + ">; rel=\"next\"";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public static int number(Context ctx, String name, int otherwise, int least, int most) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the answer that names the parameter.
        }
        throw ValidationError.query(name, "must be a whole number from " + least + " to " + most);
    }
}
