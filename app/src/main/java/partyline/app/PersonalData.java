package partyline.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.conversations.Conversations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.media.MediaFiles;
import partyline.router.Consents;
import partyline.rules.Rules;
import partyline.transport.Transport;
import partyline.webhooks.Deliveries;
import tools.jackson.databind.node.ObjectNode;

/// Everything that the server keeps about a person, whoever's it is: to show it to them, and to forget it. Every module
/// names its own tables. Thread-safe.
final class PersonalData {

    /// What one module keeps.
    private record Part(String name, List<PersonalTable> tables) {}

    private static final List<Part> PARTS = List.of(
            new Part("conversations", Conversations.personalTables()),
            new Part("media", MediaFiles.personalTables()),
            new Part("rules", Rules.personalTables()),
            new Part("consent", Consents.personalTables()),
            new Part("events", EventLog.personalTables()),
            new Part("webhooks", Deliveries.personalTables()),
            new Part("transport", Transport.personalTables()));

    private static final Logger LOG = LoggerFactory.getLogger(PersonalData.class);

    private final Database database;
    private final InstantSource clock;
    private final Consents consents;
    private final Path media;

    /// `media` is the folder of the files.
    PersonalData(Database database, InstantSource clock, ServerKey key, Path media) {
        this.media = media;
        this.database = database;
        this.clock = clock;
        this.consents = new Consents(database, key);
    }

    /// All tables with rows about people.
    static List<PersonalTable> tables() {
        return PARTS.stream().flatMap(part -> part.tables().stream()).toList();
    }

    /// All rows about the person, by module and table.
    ObjectNode export(PhoneNumber person) {
        return database.read(handle -> {
            ObjectNode json = Json.object();
            json.put("number", person.text());
            json.put("exported_at", Timestamps.iso(clock.instant()));
            json.put(
                    "stopped_at",
                    consents.stoppedAt(handle, person).map(Timestamps::iso).orElse(null));
            for (Part part : PARTS) {
                ObjectNode tables = json.putObject(part.name());
                part.tables().forEach(table -> tables.set(table.name(), table.export(handle, person)));
            }
            return json;
        });
    }

    /// Forgets the person in one transaction, once nothing is under way to them, and returns how many rows that were.
    /// That they told the router to stop stays known, by a hash.
    int erase(PhoneNumber person) {
        return database.alone(person, () -> {
            List<Id> files = database.read(handle -> MediaFiles.sentBy(handle, person));
            int rows = database.write(tx -> erase(tx, person));
            files.forEach(this::delete);
            return rows;
        });
    }

    /// One that cannot be deleted goes at the next start, since no row wants it.
    private void delete(Id file) {
        try {
            Files.deleteIfExists(media.resolve(file.text()));
        } catch (IOException e) {
            LOG.error("event=media_not_deleted media={}", file, e);
        }
    }

    private static int erase(Tx tx, PhoneNumber person) {
        return tables().stream().mapToInt(table -> table.erase(tx, person)).sum();
    }
}
