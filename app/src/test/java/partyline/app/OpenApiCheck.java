package partyline.app;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.function.Function;
import partyline.app.DescribedApi.Operation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Holds what goes through the front door against the document of the API: every answer, and every request that was
/// answered with success. Whoever asks a server in a test does it through [#send]; what the document does not say fails
/// the test with a sentence.
public final class OpenApiCheck {

    private static final DescribedApi API = DescribedApi.get();
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int SHOWN = 600;

    /// A request as far as it is known, and its answer.
    private record Exchange(
            String method,
            URI uri,
            Function<String, Optional<String>> asked,
            Optional<String> body,
            int status,
            Function<String, Optional<String>> answered,
            Optional<String> answer) {

        private String contentType() {
            return answered.apply("Content-Type")
                    .orElse("")
                    .replaceFirst(";.*", "")
                    .strip();
        }

        private boolean succeeded() {
            return status >= 200 && status < 300;
        }
    }

    private OpenApiCheck() {}

    /// Sends the request, and checks it with its answer.
    public static <T> HttpResponse<T> send(HttpClient client, HttpRequest request, HttpResponse.BodyHandler<T> handler)
            throws IOException, InterruptedException {
        HttpResponse<T> response = client.send(request, handler);
        check(new Exchange(
                request.method(),
                request.uri(),
                headers(request.headers()),
                request.bodyPublisher().flatMap(OpenApiCheck::text),
                response.statusCode(),
                headers(response.headers()),
                response.body() instanceof String text
                        ? Optional.of(text)
                        : response.body() instanceof byte[] bytes && bytes.length < 1 << 20
                                ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
                                : Optional.empty()));
        return response;
    }

    /// Checks an answer to a request of which no more than its first line is known, if that names an operation.
    static void answered(String method, URI uri, RawClient.Reply reply) {
        API.find(method, uri.getRawPath())
                .ifPresent(it -> answer(
                        new Exchange(
                                method,
                                uri,
                                _ -> Optional.empty(),
                                Optional.empty(),
                                reply.status(),
                                name -> Optional.of(reply.header(name)),
                                Optional.of(reply.body())),
                        it));
    }

    /// Checks the envelope of an event, from a stream or a post.
    static void event(JsonNode envelope) {
        problems("An event is not as openapi.yaml says", API.schema(eventSchema(envelope)), envelope);
    }

    /// Of the eight kinds of events the one that speaks of this type, since its problems say more than those of all.
    private static String eventSchema(JsonNode envelope) {
        String type = envelope.path("event_type").stringValue("");
        return API.schema("Event")
                .path("oneOf")
                .valueStream()
                .map(it -> it.path("$ref").stringValue().replaceFirst(".*/", ""))
                .filter(name -> API.schema(name)
                        .at("/properties/event_type/enum")
                        .valueStream()
                        .anyMatch(it -> it.stringValue().equals(type)))
                .findFirst()
                .orElse("Event");
    }

    private static void check(Exchange exchange) {
        String path = exchange.uri().getRawPath();
        String method = exchange.method().equals("HEAD") ? "GET" : exchange.method();
        Optional<Operation> operation = API.find(method, path);
        if (operation.isPresent()) {
            answer(exchange, operation.get());
            if (exchange.succeeded()) {
                request(exchange, operation.get());
            }
        } else if (exchange.status() < 400 && !isPage(path) && !method.equals("OPTIONS")) {
            throw violation(exchange, "openapi.yaml knows no such operation");
        } else if (exchange.status() >= 400 && !exchange.method().equals("HEAD")) {
            String expected = API.knows(path) ? "method_not_allowed" : "not_found";
            error(exchange, List.of(expected, "foreign_host"));
        }
    }

    /// What browsers and coding agents get is no part of the API.
    static boolean isPage(String path) {
        return path.matches("/(phone|console|web|docs)(/.*)?|/llms(-full)?\\.txt|/SKILL\\.md");
    }

    private static void answer(Exchange exchange, Operation operation) {
        JsonNode responses = operation.json().path("responses");
        JsonNode response = API.resolved(responses
                .optional(String.valueOf(exchange.status()))
                .orElseGet(() -> responses.path(exchange.status() / 100 + "XX")));
        if (response.isMissingNode()) {
            boolean refusedBefore =
                    exchange.answer().filter(it -> it.contains("\"http_")).isPresent();
            if (!refusedBefore) {
                throw violation(exchange, "openapi.yaml says nothing of this status at " + operation.id());
            }
            return;
        }
        if (exchange.method().equals("HEAD")) {
            return;
        }
        JsonNode content = response.path("content");
        if (content.isEmpty()) {
            if (exchange.answer().filter(it -> !it.isEmpty()).isPresent()) {
                throw violation(exchange, "openapi.yaml says that there is no body at " + operation.id());
            }
            return;
        }
        Optional<Map.Entry<String, JsonNode>> media = content.propertyStream()
                .filter(it -> fits(it.getKey(), exchange.contentType()))
                .findFirst();
        if (media.isEmpty()) {
            throw violation(exchange, "openapi.yaml does not say that it may be " + exchange.contentType());
        }
        if (media.get().getValue().has("examples") && exchange.status() >= 400) {
            List<String> codes =
                    List.copyOf(media.get().getValue().path("examples").propertyNames());
            error(exchange, codes);
        } else if (media.get().getKey().equals("application/json")
                && exchange.answer().isPresent()) {
            if (json(exchange).path("events").isArray()) {
                json(exchange).path("events").forEach(OpenApiCheck::event);
            }
            problems(
                    sentence(exchange, "what openapi.yaml does not say at " + operation.id()),
                    media.get().getValue().path("schema"),
                    json(exchange));
        }
    }

    /// A refusal with one of these codes. One of Jetty's own may come anywhere.
    private static void error(Exchange exchange, List<String> codes) {
        if (exchange.answer().isEmpty()) {
            return;
        }
        JsonNode body = json(exchange);
        problems(sentence(exchange, "no error as openapi.yaml has them"), API.schema("Error"), body);
        JsonNode detail = body.path("detail");
        String code = detail.isArray()
                ? "validation_error"
                : detail.isString()
                        ? "subscription_conflict"
                        : detail.path("code").stringValue();
        if (!codes.contains(code) && !code.startsWith("http_")) {
            throw violation(exchange, "openapi.yaml has " + codes + " here and not " + code);
        }
    }

    private static void request(Exchange exchange, Operation operation) {
        Map<String, List<String>> query = query(exchange.uri());
        Map<String, String> path = operation.values(exchange.uri().getRawPath());
        List<String> known = new ArrayList<>();
        for (JsonNode parameter : operation.parameters()) {
            String name = parameter.path("name").stringValue();
            JsonNode schema = API.resolved(parameter.path("schema"));
            List<String> values = switch (parameter.path("in").stringValue()) {
                case "query" -> query.getOrDefault(name, List.of());
                case "path" -> List.of(decoded(path.get(name)));
                default -> exchange.asked().apply(name).stream().toList();
            };
            known.add(name);
            if (values.isEmpty()
                    && parameter.path("required").booleanValue(false)
                    && exchange.answer().isPresent()) {
                throw violation(exchange, name + " is required by openapi.yaml, and was not there");
            }
            if (!values.isEmpty()) {
                problems(
                        sentence(exchange, "although openapi.yaml wants another " + name),
                        schema,
                        value(schema, values));
            }
        }
        boolean open = operation.parameters().stream()
                .anyMatch(it -> it.at("/schema/type").asString("").equals("object"));
        // What is no word is nobody's parameter: tests of what is hostile send such.
        query.keySet().stream()
                .filter(it -> !open && !known.contains(it) && it.matches("\\w+"))
                .findFirst()
                .ifPresent(it -> {
                    throw violation(exchange, "openapi.yaml knows no parameter " + it + " of " + operation.id());
                });
        JsonNode json = API.resolved(operation.json().path("requestBody")).at("/content/application~1json/schema");
        if (!json.isMissingNode() && exchange.body().isPresent()) {
            String body = exchange.body().get();
            problems(
                    sentence(exchange, "although openapi.yaml wants another body: " + body),
                    json,
                    MAPPER.readTree(body.isBlank() ? "{}" : body));
        }
    }

    private static JsonNode value(JsonNode schema, List<String> texts) {
        String type = schema.path("type").stringValue("string");
        if (type.equals("array")) {
            JsonNode items = API.resolved(schema.path("items"));
            return NODES.arrayNode()
                    .addAll(texts.stream()
                            .flatMap(it -> Arrays.stream(it.split(",")))
                            .map(it -> value(items, List.of(it.strip())))
                            .toList());
        }
        String text = texts.getFirst();
        return switch (type) {
            case "integer" ->
                text.strip().matches("-?\\d{1,18}")
                        ? NODES.numberNode(Long.parseLong(text.strip()))
                        : NODES.stringNode(text);
            case "boolean" ->
                text.matches("true|false") ? NODES.booleanNode(text.equals("true")) : NODES.stringNode(text);
            default -> NODES.stringNode(text);
        };
    }

    private static void problems(String sentence, JsonNode schema, JsonNode value) {
        List<String> all = API.problems(schema, value);
        // What is wrong in one part makes a schema of parts take all of them for unknown.
        List<String> own =
                all.stream().filter(it -> !it.contains("is not evaluated")).toList();
        List<String> problems = own.isEmpty() ? all : own;
        if (!problems.isEmpty()) {
            throw new AssertionError(
                    "%s: %s%n%s".formatted(sentence, String.join("; ", problems), shown(value.toString())));
        }
    }

    private static AssertionError violation(Exchange exchange, String why) {
        return new AssertionError("%s%n%s"
                .formatted(sentence(exchange, why), shown(exchange.answer().orElse(""))));
    }

    private static String sentence(Exchange exchange, String why) {
        return "%s %s was answered %d: %s".formatted(exchange.method(), exchange.uri(), exchange.status(), why);
    }

    private static String shown(String text) {
        return text.substring(0, Math.min(SHOWN, text.length()));
    }

    private static JsonNode json(Exchange exchange) {
        try {
            return MAPPER.readTree(exchange.answer().orElseThrow());
        } catch (JacksonException e) {
            throw violation(exchange, "openapi.yaml says JSON here");
        }
    }

    private static boolean fits(String range, String type) {
        return range.equals("*/*")
                || range.equals(type)
                || range.endsWith("/*") && type.startsWith(range.substring(0, range.length() - 1));
    }

    private static Map<String, List<String>> query(URI uri) {
        Map<String, List<String>> query = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String pair : uri.getRawQuery().split("&")) {
                String[] parts = pair.split("=", 2);
                query.computeIfAbsent(decoded(parts[0]), _ -> new ArrayList<>())
                        .add(parts.length > 1 ? decoded(parts[1]) : "");
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Function<String, Optional<String>> headers(HttpHeaders headers) {
        return headers::firstValue;
    }

    /// What is sent, if it is in memory anyway.
    private static Optional<String> text(HttpRequest.BodyPublisher publisher) {
        if (publisher.contentLength() < 0 || publisher.contentLength() > 1 << 20) {
            return Optional.empty();
        }
        Collector collector = new Collector();
        publisher.subscribe(collector);
        return Optional.of(collector.text.toString());
    }

    /// Takes all that an in-memory publisher has, which it gives at once.
    private static final class Collector implements Flow.Subscriber<ByteBuffer> {

        private final StringBuilder text = new StringBuilder();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            text.append(StandardCharsets.UTF_8.decode(bytes));
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {}
    }
}
