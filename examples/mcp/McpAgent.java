import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.mcp.McpToolProvider;
import dev.langchain4j.mcp.client.DefaultMcpClient;
import dev.langchain4j.mcp.client.McpClient;
import dev.langchain4j.mcp.client.transport.http.StreamableHttpMcpTransport;
import dev.langchain4j.memory.chat.MessageWindowChatMemory;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.MemoryId;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.UserMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/// An agent in LangChain4j that has nothing of Partyline but its MCP endpoint: it waits, reads, types, lets the model think
/// and use tools, replies, and waits again.
///
///     export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
///     mvn -q -f mcp compile exec:java
///
///     PARTYLINE_URL     where the server is                     default http://127.0.0.1:8080
///     OPENAI_BASE_URL   where the model is                      default http://127.0.0.1:11434/v1, which is Ollama
///     OPENAI_API_KEY    the key for the model                   default none
///     OPENAI_MODEL      which model; it must know tools         default llama3.2
///     MCP_PLACE         the file with the place in the events   default mcp.place
public final class McpAgent {

    /// What the model makes of a text; it may use the tools that it is given before it answers.
    interface Assistant {

        @SystemMessage("""
                You are texting with a person on their phone. Answer in plain text, in one to three short sentences; what you
                answer is sent to them. With the tool react you put a tapback on their message, such as love on good news.""")
        String hear(@MemoryId String conversation, @UserMessage String text);
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path PLACE = Path.of(setting("MCP_PLACE", "mcp.place"));
    private static final int REMEMBERED = 20;

    private final McpClient partyline;
    private final Assistant assistant;

    private McpAgent(McpClient partyline, Assistant assistant) {
        this.partyline = partyline;
        this.assistant = assistant;
    }

    public static void main(String[] args) throws Exception {
        String key = setting("PARTYLINE_API_KEY", "");
        if (key.isEmpty()) {
            stop("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.");
        }
        while (true) {
            try (McpClient partyline = connect(key)) {
                System.out.println("listening");
                new McpAgent(partyline, assistant(partyline)).run();
            } catch (RuntimeException e) {
                if (why(e).contains("401")) {
                    stop("The server does not know this key. Is PARTYLINE_API_KEY right?");
                }
                System.err.println("once more in 2 seconds: " + why(e));
                Thread.sleep(2_000);
            }
        }
    }

    private static McpClient connect(String key) {
        return DefaultMcpClient.builder()
                .clientName("partyline-example")
                .transport(StreamableHttpMcpTransport.builder()
                        .url(setting("PARTYLINE_URL", "http://127.0.0.1:8080") + "/mcp")
                        .customHeaders(Map.of("X-API-Key", key))
                        .build())
                .toolExecutionTimeout(Duration.ofSeconds(70))
                .autoHealthCheck(false)
                .build();
    }

    private static Assistant assistant(McpClient partyline) {
        return AiServices.builder(Assistant.class)
                .chatModel(OpenAiChatModel.builder()
                        .baseUrl(setting("OPENAI_BASE_URL", "http://127.0.0.1:11434/v1"))
                        .apiKey(setting("OPENAI_API_KEY", "none"))
                        .modelName(setting("OPENAI_MODEL", "llama3.2"))
                        .timeout(Duration.ofMinutes(2))
                        .build())
                .chatMemoryProvider(_ -> MessageWindowChatMemory.withMaxMessages(REMEMBERED))
                .toolProvider(McpToolProvider.builder()
                        .mcpClients(partyline)
                        .filterToolNames("react", "read_conversation")
                        .build())
                .build();
    }

    /// The place is noted when everything up to it is answered, so a crash loses nothing; and a reply names its event as
    /// `idempotency_key`, so it repeats nothing either.
    private void run() throws IOException, InterruptedException {
        while (true) {
            JsonNode heard = call("wait_for_message", place());
            for (JsonNode event : heard.path("events")) {
                if (event.path("event_type").asText().equals("imessage.received")) {
                    answer(event.path("id").asText(), event.path("data").path("message"));
                }
            }
            if (heard.has("code")) {
                Thread.sleep(2_000);
            }
            // A place that is gone is refused with the next one.
            String next = heard.path("cursor").asText(heard.path("next").asText());
            if (!next.isEmpty()) {
                Path whole = Files.writeString(Path.of(PLACE + ".new"), next);
                Files.move(whole, PLACE, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /// A new agent begins at now.
    private Map<String, Object> place() throws IOException {
        return Files.exists(PLACE)
                ? Map.of("cursor", Files.readString(PLACE).strip(), "timeout_seconds", 50)
                : Map.of("timeout_seconds", 0);
    }

    private void answer(String event, JsonNode message) throws IOException, InterruptedException {
        String conversation = message.path("conversation_id").asText();
        call("mark_read", Map.of("conversation_id", conversation));
        call("set_typing", Map.of("conversation_id", conversation));
        String said = message.path("content").asText("(a file)");
        String words;
        try {
            words = assistant.hear(conversation, "%s\n(message_id %s)".formatted(said, message.path("id").asText()));
        } catch (RuntimeException e) {
            System.err.println("the model does not answer: " + why(e));
            words = "I cannot think right now. Please ask me again in a few minutes.";
        }
        var reply = Map.<String, Object>of("conversation_id", conversation, "text", words, "idempotency_key", event);
        JsonNode sent = call("send_message", reply);
        while (sent.has("retry_after_seconds")) {
            Thread.sleep(Duration.ofSeconds(sent.path("retry_after_seconds").asLong()));
            sent = call("send_message", reply);
        }
    }

    /// What a tool says, as JSON. A refusal is a sentence, which is printed, and below it JSON with its `code`.
    private JsonNode call(String tool, Map<String, Object> arguments) throws IOException {
        var result = partyline.executeTool(ToolExecutionRequest.builder()
                .name(tool)
                .arguments(JSON.writeValueAsString(arguments))
                .build());
        if (result.isError()) {
            System.err.println(tool + ": " + result.resultText());
        }
        String text = result.resultText();
        return JSON.readTree(result.isError() ? text.substring(text.indexOf("\n{") + 1) : text);
    }

    private static String setting(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? otherwise : value;
    }

    /// The innermost reason.
    private static String why(Throwable e) {
        return e.getCause() == null || e.getCause() == e ? String.valueOf(e.getMessage()) : why(e.getCause());
    }

    private static void stop(String why) {
        System.err.println(why);
        System.exit(1);
    }
}
