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

/// `operator.json` in the data folder: where a running server takes commands, and the token that it wants to see. Only
/// the folder's owner may read it; it is there while the server runs.
record OperationsToken(Path file) {

    /// The way to a running server.
    record Door(String url, String token) {}

    static OperationsToken in(Path folder) {
        return new OperationsToken(folder.resolve("operator.json"));
    }

    /// Written beside and moved into place, so that nobody reads half of it, and never readable for others.
    void write(String url, String token) throws IOException {
        String json = Json.write(Json.object().put("url", url).put("token", token));
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(draft, options, OwnerOnly.file(draft))) {
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /// Empty when no server runs, or it is about to start or to stop.
    Optional<Door> read() throws IOException {
        if (Files.notExists(file)) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.read(Files.readString(file));
            return Optional.of(
                    new Door(json.path("url").asString(""), json.path("token").asString("")));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }
}
