package partyline.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import partyline.identities.ApiKeys;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.identities.SystemAccess;
import partyline.kernel.Database;
import partyline.kernel.StartupFailure;

/// Brings an order to where the data is: to the server that runs on the folder, or, when none does, to the database
/// itself.
final class OperationsClient {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /// An erasure waits until nothing is on its way to the person.
    private static final Duration LONGEST_WORK = Duration.ofMinutes(5);

    private final Path folder;

    OperationsClient(Path folder) {
        this.folder = folder.toAbsolutePath().normalize();
    }

    /// What the operator sees of the order.
    ///
    /// @throws StartupFailure with the sentence that says why it was not done.
    String run(Order order) {
        if (Files.notExists(folder.resolve(DataFolder.DATABASE))) {
            throw new StartupFailure("There is no Partyline in the folder " + folder
                    + ": start the server there once, or name its folder with --data.");
        }
        Optional<DataFolder> free = DataFolder.tryTake(folder);
        Operations.Outcome outcome = free.isPresent() ? atRest(free.get(), order) : running(order);
        return switch (outcome) {
            case Operations.Outcome.Done(var text) -> text;
            case Operations.Outcome.Refused(var sentence) -> throw new StartupFailure(sentence);
        };
    }

    private static Operations.Outcome atRest(DataFolder taken, Order order) {
        InstantSource clock = Clock.systemUTC();
        try (taken;
                Database database = Database.open(taken.database(), taken.history());
                ApiKeys keys = new ApiKeys(database, clock)) {
            ServerKey key = ServerKey.open(taken.serverKey(), false);
            PersonalData people = new PersonalData(database, clock, key, taken.media());
            return new Operations(database, new Organizations(database, clock), keys, new SystemAccess(), people)
                    .run(order);
        } catch (IOException e) {
            throw new StartupFailure("Cannot release the data folder (" + e + ").", e);
        }
    }

    private Operations.Outcome running(Order order) {
        try (HttpClient client = HttpClient.newBuilder()
                .proxy(HttpClient.Builder.NO_PROXY)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            OperationsToken.Door door =
                    OperationsToken.in(folder).read().orElseThrow(() -> busy("it has left no way to it"));
            HttpRequest request = HttpRequest.newBuilder(URI.create(door.url() + OperationsServer.PATH))
                    .timeout(LONGEST_WORK)
                    .header(OperationsServer.TOKEN_HEADER, door.token())
                    .POST(BodyPublishers.ofString(order.json()))
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> new Operations.Outcome.Done(response.body());
                case 409 -> new Operations.Outcome.Refused(response.body());
                default -> throw busy("status " + response.statusCode());
            };
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
