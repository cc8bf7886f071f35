package partyline.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.rules.Rules;
import tools.jackson.databind.node.ObjectNode;

/// The book on a real database file.
class ContactsTest {

    private static final Caller ADMIN = new Caller(new OrganizationId("org_1"), Optional.empty(), false, "key");
    private static final PhoneNumber NUMBER = new PhoneNumber("+12025550140");

    @TempDir
    Path folder;

    private Database database;
    private Contacts contacts;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("partyline.db"));
        InstantSource clock = InstantSource.system();
        Ids ids = Ids.after(database, clock);
        Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
        Identities identities = new Identities(database, ids, clock);
        contacts = new Contacts(storage, identities, new Rules(storage, 0), 0);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void two_who_change_a_contact_at_once_both_get_what_they_wanted() throws Exception {
        Id id = stored(contacts.create(ADMIN, Card.EMPTY)).id();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> writers =
                    List.of(threads.submit(() -> change(id, "notes")), threads.submit(() -> change(id, "job_title")));
            for (Future<?> writer : writers) {
                writer.get();
            }
        }

        Contact after = contacts.find(ADMIN, id).orElseThrow();
        assertThat(Json.write(after.card().fields())).contains("\"notes\":\"49\"", "\"job_title\":\"49\"");
        assertThat(after.revision()).isEqualTo(101);
    }

    @Test
    void a_number_that_is_wanted_twice_at_once_is_given_once() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Contacts.Outcome> wish = this::named;
            int stored = 0;
            for (Future<Contacts.Outcome> wished : threads.invokeAll(List.of(wish, wish, wish))) {
                switch (wished.get()) {
                    case Contacts.Outcome.Stored _ -> stored++;
                    case Contacts.Outcome.Duplicate(var _, var owner) ->
                        assertThat(owner).isPresent();
                    case Contacts.Outcome other -> throw new AssertionError(other);
                }
            }
            assertThat(stored).isOne();
        }
        assertThat(contacts.known(ADMIN, List.of(NUMBER))).containsOnlyKeys(NUMBER);
    }

    private Contacts.Outcome named() {
        ObjectNode fields = Json.object();
        fields.putArray("phones").addObject().put("value_e164", NUMBER.text());
        return contacts.create(ADMIN, Card.EMPTY.with(fields));
    }

    private void change(Id id, String field) {
        for (int at = 0; at < 50; at++) {
            stored(contacts.update(ADMIN, id, Json.object().put(field, "" + at), Optional.empty()));
        }
    }

    private static Contact stored(Contacts.Outcome outcome) {
        return ((Contacts.Outcome.Stored) outcome).contact();
    }
}
