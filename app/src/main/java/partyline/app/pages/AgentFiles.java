package partyline.app.pages;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import partyline.app.api.OpenApi;
import tools.jackson.databind.JsonNode;

/// What coding agents read to set themselves up and to write an agent, made of the [Guide]s and the document of the
/// API.
final class AgentFiles {

    private static final String SKILL = """
            ---
            name: partyline
            description: Write, run and mend an AI agent that texts with people in their Messages app (iMessage, SMS) over the \
            HTTP API of a Partyline server. Use it when a task is to text people, to answer their texts, or to work with a \
            server at %s.
            ---

            """;

    private AgentFiles() {}

    /// `/llms.txt`: what there is, and where.
    static String overview(String ownUrl) {
        return index(ownUrl) + guides(ownUrl) + more(ownUrl);
    }

    /// `/llms-full.txt`: all of it.
    static String everything(String ownUrl) {
        return index(ownUrl) + "\n" + texts(Guide.all(ownUrl)) + operations() + more(ownUrl);
    }

    /// `/SKILL.md`: how to write an agent, and where the rest is.
    static String skill(String ownUrl) {
        List<Guide> first = List.of(Guide.read("first-agent", ownUrl), Guide.read("replying", ownUrl));
        return SKILL.formatted(ownUrl) + index(ownUrl) + "\n" + texts(first) + operations() + guides(ownUrl)
                + more(ownUrl);
    }

    private static String index(String ownUrl) {
        return Guide.read(Guide.INDEX, ownUrl).text();
    }

    private static String texts(List<Guide> guides) {
        return guides.stream().map(Guide::text).collect(Collectors.joining("\n"));
    }

    private static String guides(String ownUrl) {
        return Guide.all(ownUrl).stream()
                .map(it -> it.line(ownUrl))
                .collect(Collectors.joining("\n", "\n## Guides\n\n", "\n"));
    }

    /// All operations but those that are only there for published clients, by their tags.
    private static String operations() {
        JsonNode document = OpenApi.document();
        return document.path("tags")
                .valueStream()
                .map(tag -> tag.path("name").asString())
                .filter(tag -> !tag.equals("Compatibility"))
                .map(tag -> "\n### " + tag + "\n\n" + operations(document, tag))
                .collect(Collectors.joining("", "\n## Every operation\n", ""));
    }

    private static String operations(JsonNode document, String tag) {
        return document.path("paths")
                .propertyStream()
                .flatMap(path -> path.getValue()
                        .propertyStream()
                        .filter(it ->
                                it.getValue().path("tags").path(0).asString("").equals(tag))
                        .map(it -> "- `%s %s`: %s\n"
                                .formatted(
                                        it.getKey().toUpperCase(Locale.ROOT),
                                        path.getKey(),
                                        it.getValue().path("summary").asString())))
                .collect(Collectors.joining());
    }

    private static String more(String ownUrl) {
        return """

                ## More

                - [OpenAPI document](%1$s/openapi.json) (also as [YAML](%1$s/openapi.yaml)): every operation, with all fields, bounds and errors
                - [Reference](%1$s/docs/reference): the same for people, to try out
                - [llms-full.txt](%1$s/llms-full.txt): all guides in one file
                - [SKILL.md](%1$s/SKILL.md): the same for a coding agent, as a skill
                """.formatted(ownUrl);
    }
}
