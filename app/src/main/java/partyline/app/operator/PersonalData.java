package partyline.app.operator;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.DataFolder;
import partyline.contacts.Contacts;
import partyline.conversations.Conversations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OwnerOnly;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.media.MediaFiles;
import partyline.router.Router;
import partyline.rules.Consents;
import partyline.rules.Rules;
import partyline.transport.Transport;
import partyline.webhooks.Deliveries;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// Everything that the server keeps about a person, whoever's it is: to show it to them, and to forget it. Every module
/// names its own tables. Thread-safe.
public final class PersonalData {

    /// How many rows about a person went, and whether the database file has no traces of them any more.
    public record Erasure(int rows, boolean scrubbed) {}

    /// What one module keeps.
    private record Part(String name, List<PersonalTable> tables) {}

    private static final List<Part> PARTS = List.of(
            new Part("conversations", Conversations.personalTables()),
            new Part("media", MediaFiles.personalTables()),
            new Part("rules", Rules.personalTables()),
            new Part("contacts", Contacts.personalTables()),
            new Part("consent", join(Consents.personalTables(), Router.personalTables())),
            // Before the journal, which knows whom an attempt was about.
            new Part("webhooks", Deliveries.personalTables()),
            new Part("events", EventLog.personalTables()),
            new Part("transport", Transport.personalTables()));

    private static final ObjectWriter PRETTY = JsonMapper.shared().writerWithDefaultPrettyPrinter();
    private static final Logger LOG = LoggerFactory.getLogger(PersonalData.class);

    private final Database database;
    private final InstantSource clock;
    private final Consents consents;
    private final DataFolder folder;
    private final Consumer<PhoneNumber> untold;

    /// `untold` lets go what is about to be told of a person.
    public PersonalData(
            Database database, InstantSource clock, ServerKey key, DataFolder folder, Consumer<PhoneNumber> untold) {
        this.untold = untold;
        this.folder = folder;
        this.database = database;
        this.clock = clock;
        this.consents = new Consents(database, key);
    }

    private static List<PersonalTable> join(List<PersonalTable> one, List<PersonalTable> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    /// All tables with rows about people.
    static List<PersonalTable> tables() {
        return PARTS.stream().flatMap(part -> part.tables().stream()).toList();
    }

    /// All rows about the person, by module and table, as JSON in a file that is gone as soon as it is
    /// closed: they may be more than the memory holds, and whoever reads them may be slow.
    public FileChannel export(PhoneNumber person) {
        Path draft = folder.path().resolve("export-" + UUID.randomUUID() + ".json");
        Set<StandardOpenOption> options = Set.of(
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        try {
            FileChannel channel = FileChannel.open(draft, options, OwnerOnly.file(draft));
            try {
                JsonGenerator json =
                        PRETTY.createGenerator(new BufferedOutputStream(Channels.newOutputStream(channel)));
                database.read(handle -> write(json, handle, person));
                json.flush();
                return channel.position(0);
            } catch (RuntimeException | Error e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean write(JsonGenerator json, Handle handle, PhoneNumber person) {
        json.writeStartObject();
        json.writeStringProperty("number", person.text());
        json.writeStringProperty("exported_at", Timestamps.iso(clock.instant()));
        json.writeName("stopped_at");
        consents.stoppedAt(handle, person).map(Timestamps::iso).ifPresentOrElse(json::writeString, json::writeNull);
        json.writeArrayPropertyStart("stopped_lines");
        consents.stoppedLines(handle, person).forEach(json::writeString);
        json.writeEndArray();
        for (Part part : PARTS) {
            json.writeObjectPropertyStart(part.name());
            for (PersonalTable table : part.tables()) {
                json.writeArrayPropertyStart(table.name());
                table.export(handle, person, json::writeTree);
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        json.writeEndObject();
        return true;
    }

    /// The id and the name of every file that the person sent.
    ArrayNode files(PhoneNumber person) {
        ArrayNode files = Json.array();
        database.read(handle -> {
            MediaFiles.personalTables()
                    .forEach(table -> table.export(
                            handle, person, row -> files.addObject().setAll(row.retain("id", "name"))));
            return files;
        });
        return files;
    }

    /// How many rows are about the person, by table; tables without any are left out.
    Map<String, Integer> count(PhoneNumber person) {
        return database.read(handle -> {
            Map<String, Integer> counts = new LinkedHashMap<>();
            tables().forEach(table -> counts.put(table.name(), table.count(handle, person)));
            counts.values().removeIf(count -> count == 0);
            return counts;
        });
    }

    /// Forgets the person in one transaction, once nothing is under way to them: agents go on sending meanwhile,
    /// and rows refer to each other. That they told the router, or an agent's own number, to stop stays known, by a
    /// hash. Then rewrites the database file, so that it has no traces of them.
    public Erasure erase(PhoneNumber person) {
        int rows = forget(person);
        return new Erasure(rows, database.scrub());
    }

    private int forget(PhoneNumber person) {
        return database.alone(person, () -> {
            untold.accept(person);
            List<Id> files = database.read(handle -> MediaFiles.sentBy(handle, person));
            int rows = database.write(tx -> {
                Contacts.show(tx, person);
                Conversations.forgetting(tx, person, clock.instant());
                return tables().stream()
                        .mapToInt(table -> table.erase(tx, person))
                        .sum();
            });
            // Again: somebody may have read of them in between.
            untold.accept(person);
            files.forEach(this::delete);
            return rows;
        });
    }

    /// One that cannot be deleted goes at the next start, since no row wants it.
    private void delete(Id file) {
        try {
            Files.deleteIfExists(folder.media().resolve(file.text()));
        } catch (IOException e) {
            LOG.error(
                    "event=media_not_deleted media={}"
                            + " fix=\"let the server delete in media; the file goes at the next start\"",
                    file,
                    e);
        }
    }
}
