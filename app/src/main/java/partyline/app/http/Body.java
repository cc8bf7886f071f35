package partyline.app.http;

import io.javalin.http.Context;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.identities.Handle;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A request's JSON object, read key by key. A wrong type or value is a 422 that names the key; unknown keys
/// are ignored unless a route asks for [#only] what it knows. Null counts as absent unless a method says otherwise.
public record Body(JsonNode json) {

    /// A tree takes many times the room of its text, so a text of small values is refused before it has grown.
    private static final int MOST_TOKENS = 10_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    public static Body of(Context ctx) {
        JsonNode json = json(ctx);
        if (!json.isObject()) {
            throw ValidationError.body("The body must be a JSON object.");
        }
        return new Body(json);
    }

    /// A request's JSON, whatever it is.
    public static JsonNode json(Context ctx) {
        return Bodies.read(ctx, Body::parse);
    }

    /// The bytes are decoded strictly here: elsewhere what is no UTF-8 would become question marks.
    private static JsonNode parse(byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return MAPPER.readTree(text.isBlank() ? "{}" : text);
        } catch (CharacterCodingException e) {
            throw ValidationError.body("The body is not UTF-8: encode it as UTF-8, whatever the terminal uses.");
        } catch (StreamConstraintsException e) {
            throw ValidationError.body("The body has too many values, or is nested too deeply: no call needs so many.");
        } catch (JacksonException e) {
            throw ValidationError.body(
                    "The body is not JSON with each key once: send one JSON object, UTF-8, with Content-Type"
                            + " application/json.");
        }
    }

    /// An object within a body: refusals name its keys as `place` and theirs, and so do those who read it.
    public static Body placed(String place, JsonNode object) {
        ObjectNode placed = Json.object();
        object.propertyStream().forEach(field -> placed.set(place + field.getKey(), field.getValue()));
        return new Body(placed);
    }

    /// Refuses every key but these: what nobody does here must not look done.
    public Body only(String... keys) {
        return only(Set.of(keys));
    }

    /// [#only(String...)] for keys that a route names elsewhere.
    public Body only(Set<String> known) {
        for (String key : json.propertyNames()) {
            if (!known.contains(key)) {
                throw ValidationError.body(key, "is not known here, so nothing was changed: leave it out");
            }
        }
        return this;
    }

    /// What was read of a key that must be there.
    public static <T> T required(String key, Optional<T> read) {
        return read.orElseThrow(() -> ValidationError.body(key, "is required"));
    }

    /// Whether the key is there at all, also as null.
    public boolean has(String key) {
        return json.has(key);
    }

    public String text(String key, int longest) {
        return required(key, textOrEmpty(key, longest).filter(it -> !it.isBlank()));
    }

    public Optional<String> textOrEmpty(String key, int longest) {
        return present(key).map(node -> {
            if (!node.isString()) {
                throw ValidationError.body(key, "must be a string");
            }
            String text = whole(key, node.stringValue());
            if (text.codePointCount(0, text.length()) > longest) {
                throw ValidationError.body(key, "must have at most " + longest + " characters");
            }
            return text;
        });
    }

    @Nullable
    public String textOrNull(String key, int longest) {
        return textOrEmpty(key, longest).orElse(null);
    }

    public boolean flag(String key, boolean otherwise) {
        return flag(key).orElse(otherwise);
    }

    public Optional<Boolean> flag(String key) {
        return present(key).map(node -> {
            if (!node.isBoolean()) {
                throw ValidationError.body(key, "must be true or false");
            }
            return node.booleanValue();
        });
    }

    public int count(String key, int otherwise, int most) {
        return number(key, otherwise, 0, most);
    }

    public int number(String key, int otherwise, int least, int most) {
        return present(key)
                .map(node -> {
                    if (!node.isInt() || node.intValue() < least || node.intValue() > most) {
                        throw ValidationError.body(key, "must be a whole number from " + least + " to " + most);
                    }
                    return node.intValue();
                })
                .orElse(otherwise);
    }

    public Optional<Id> id(String key) {
        return textOrEmpty(key, 100)
                .map(text -> Id.tryParse(text).orElseThrow(() -> ValidationError.body(key, "must be a UUID")));
    }

    public Handle handle(String key) {
        return Handle.parse(text(key, 255))
                .orElseThrow(() -> ValidationError.body(
                        key, "must have 3 to 63 of a-z, 0-9 and -, and neither begin nor end with -"));
    }

    public PhoneNumber number(String key) {
        return number(key, text(key, 100));
    }

    public static PhoneNumber number(String key, String text) {
        return PhoneNumber.parse(text)
                .orElseThrow(() -> ValidationError.body(key, "must be an E.164 number such as +12025550100"));
    }

    public Optional<String> oneOf(String key, Set<String> names) {
        return textOrEmpty(key, 100).map(text -> {
            if (!names.contains(text)) {
                throw ValidationError.body(
                        key,
                        "must be one of "
                                + String.join(", ", names.stream().sorted().toList()));
            }
            return text;
        });
    }

    /// A list of at most `most` strings; empty when absent.
    public List<String> texts(String key, int most) {
        return present(key).map(node -> strings(key, node, most)).orElse(List.of());
    }

    private static List<String> strings(String key, JsonNode node, int most) {
        if (!node.isArray() || node.size() > most) {
            throw ValidationError.body(key, "must be a list of at most " + most + " strings");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode item : node) {
            if (!item.isString()) {
                throw ValidationError.body(key, "must be a list of strings");
            }
            texts.add(whole(key, item.stringValue()));
        }
        return texts;
    }

    /// Refuses what no phone can show and no line would carry as it is.
    private static String whole(String key, String text) {
        if (text.indexOf(0) >= 0) {
            throw ValidationError.body(key, "must not have the character U+0000");
        }
        if (text.codePoints().anyMatch(it -> it >= Character.MIN_SURROGATE && it <= Character.MAX_SURROGATE)) {
            throw ValidationError.body(
                    key, "has half a character (a lone surrogate such as \\ud83d): cut texts between characters");
        }
        return text;
    }

    private Optional<JsonNode> present(String key) {
        return Optional.ofNullable(json.get(key)).filter(node -> !node.isNull());
    }
}
