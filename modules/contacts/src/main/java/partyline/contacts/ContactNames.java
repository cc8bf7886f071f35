package partyline.contacts;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Database;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Says in events who the person is: `data.contacts`, as the agent that the event is about may see it, whoever
/// reads.
///
/// An event is stored without names, and gets them when it is read or posted: the writer need not look, and what
/// is read later is right then. It remembers which books are empty. Thread-safe.
public final class ContactNames {

    private static final String CONTACTS = "contacts";

    /// Who is meant, to whom.
    private record Question(Id identity, PhoneNumber person) {}

    private final Database database;
    private final ContactStore store = new ContactStore();
    /// Whether nobody was ever written down in the book of an organization.
    private final Map<OrganizationId, Boolean> empty = new ConcurrentHashMap<>();

    ContactNames(Database database) {
        this.database = database;
    }

    /// The same events, with names.
    public List<Event> named(List<Event> events) {
        if (events.stream().noneMatch(ContactNames::isAboutSomebody)) {
            return events;
        }
        return database.read(handle -> {
            Map<Question, Optional<Contact.Name>> answers = new HashMap<>();
            return events.stream().map(event -> named(handle, event, answers)).toList();
        });
    }

    /// `data.contacts` of an event about this person for this agent.
    public ArrayNode of(OrganizationId organization, Id identity, PhoneNumber person) {
        ArrayNode contacts = Json.array();
        if (!isEmpty(organization)) {
            database.read(handle -> store.named(handle, organization, identity, person))
                    .ifPresent(name -> contacts.add(json(name)));
        }
        return contacts;
    }

    /// Somebody was written down there, and that is on disk.
    void begun(OrganizationId organization) {
        empty.remove(organization);
    }

    /// A look in progress is waited for, so one from before a change is never what is remembered after it.
    private boolean isEmpty(OrganizationId organization) {
        return empty.computeIfAbsent(organization, it -> database.read(handle -> !store.hasAny(handle, it)));
    }

    private Event named(Handle handle, Event event, Map<Question, Optional<Contact.Name>> answers) {
        if (!isAboutSomebody(event)) {
            return event;
        }
        Event.Draft draft = event.draft();
        Question question =
                new Question(draft.identity().orElseThrow(), draft.person().orElseThrow());
        return answers.computeIfAbsent(
                        question, it -> store.named(handle, draft.organization(), it.identity(), it.person()))
                .map(name -> with(event, name))
                .orElse(event);
    }

    private static boolean isAboutSomebody(Event event) {
        return event.draft().identity().isPresent() && event.draft().person().isPresent();
    }

    private static Event with(Event event, Contact.Name name) {
        ObjectNode data = (ObjectNode) Json.read(event.draft().data());
        if (!data.has(CONTACTS)) {
            return event;
        }
        data.set(CONTACTS, Json.array().add(json(name)));
        return event.with(Json.write(data));
    }

    private static ObjectNode json(Contact.Name name) {
        ObjectNode json = Json.object()
                .put("id", name.contact().text())
                .put("name", name.name().orElse(null));
        json.putArray("memories");
        return json;
    }
}
