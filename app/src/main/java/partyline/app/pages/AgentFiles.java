package partyline.app.pages;

import java.util.List;
import java.util.stream.Collectors;

/// What coding agents read to set themselves up and to write an agent, made of the [Guide]s.
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
        return index(ownUrl) + "\n" + texts(Guide.all(ownUrl)) + more(ownUrl);
    }

    /// `/SKILL.md`: how to write an agent, and where the rest is.
    static String skill(String ownUrl) {
        List<Guide> first = List.of(Guide.read("first-agent", ownUrl), Guide.read("replying", ownUrl));
        return SKILL.formatted(ownUrl) + index(ownUrl) + "\n" + texts(first) + guides(ownUrl) + more(ownUrl);
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

    private static String more(String ownUrl) {
        return """

                ## More

                - [llms-full.txt](%1$s/llms-full.txt): all guides in one file
                - [SKILL.md](%1$s/SKILL.md): the same for a coding agent, as a skill
                """.formatted(ownUrl);
    }
}
