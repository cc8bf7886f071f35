package partyline.app.operator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import partyline.app.config.DataFolder;
import partyline.kernel.Json;
import partyline.kernel.StartupFailure;
import tools.jackson.databind.node.ArrayNode;

/// Brings a command to where the data is: to the server that runs on the folder, or, when none does, to one that
/// is made for it.
public final class OperationsClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// An erasure waits until nothing is on its way to the person.
    private static final Duration LONGEST_WORK = Duration.ofMinutes(5);

    private final Path folder;

    public OperationsClient(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /// Writes what the operator sees of the command with these `words` to `out`, in UTF-8, as it comes. `atRest`
    /// does the same in the folder that nobody uses.
    ///
    /// @throws StartupFailure with the sentence that says why it was not done.
    public void run(List<String> words, Function<DataFolder, Operations.Outcome> atRest, OutputStream out) {
        Optional<DataFolder> free = DataFolder.tryTake(DataFolder.existing(folder));
        if (free.isPresent()) {
            deliver(atRest.apply(free.get()), out);
        } else {
            running(words, out);
        }
    }

    private static void deliver(Operations.Outcome outcome, OutputStream out) {
        switch (outcome) {
            case Operations.Outcome.Done(var text) -> {
                try (text) {
                    text.transferTo(out);
                } catch (IOException e) {
                    throw new StartupFailure("Cannot write the answer (" + e + ").", e);
                }
            }
            case Operations.Outcome.Refused(var sentence) -> throw new StartupFailure(sentence);
        }
    }

    private void running(List<String> words, OutputStream out) {
        try (HttpClient client = HttpClient.newBuilder()
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            OperationsToken door = OperationsToken.read(folder).orElseThrow(() -> busy("it has left no way to it"));
            ArrayNode body = Json.array();
            words.forEach(body::add);
            HttpRequest request = HttpRequest.newBuilder(URI.create(door.url() + OperationsServer.PATH))
                    .timeout(LONGEST_WORK)
                    .header(OperationsServer.TOKEN_HEADER, door.token())
                    .POST(BodyPublishers.ofString(Json.write(body)))
                    .build();
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            InputStream text = response.body();
            switch (response.statusCode()) {
                case 200 -> deliver(new Operations.Outcome.Done(text), out);
                case 409 -> throw new StartupFailure(new String(text.readAllBytes(), StandardCharsets.UTF_8));
                default -> throw busy("status " + response.statusCode());
            }
        } catch (IOException e) {
            throw busy(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw busy("interrupted");
        }
    }

    private StartupFailure busy(String why) {
        return new StartupFailure(("The Partyline that uses the data folder %s takes no commands now (%s): it may be"
                        + " starting or stopping, so try again in a moment.")
                .formatted(folder, why));
    }
}
