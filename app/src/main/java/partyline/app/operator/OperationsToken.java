package partyline.app.operator;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import partyline.kernel.Json;
import partyline.kernel.OwnerOnly;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where a running server takes commands, and the token that it wants to see: `operator.json` in the data folder, which
/// only the folder's owner may read and which is there while the server runs.
record OperationsToken(String url, String token) {

    private static Path file(Path folder) {
        return folder.resolve("operator.json");
    }

    /// Written beside and moved into place, so that nobody reads half of it, and never readable for others.
    void write(Path folder) throws IOException {
        String json = Json.write(Json.object().put("url", url).put("token", token));
        Path draft = folder.resolve("operator.json.new");
        Files.deleteIfExists(draft);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(draft, options, OwnerOnly.file(draft))) {
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
        }
        Files.move(draft, file(folder), StandardCopyOption.ATOMIC_MOVE);
    }

    /// Empty when no server runs, or it is about to start or to stop.
    static Optional<OperationsToken> read(Path folder) throws IOException {
        if (Files.notExists(file(folder))) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.read(Files.readString(file(folder)));
            return Optional.of(new OperationsToken(
                    json.path("url").asString(""), json.path("token").asString("")));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    static void delete(Path folder) throws IOException {
        Files.deleteIfExists(file(folder));
    }
}
