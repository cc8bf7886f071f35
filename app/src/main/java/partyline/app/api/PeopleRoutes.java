package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.OPERATOR;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.nio.channels.Channels;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.app.operator.PersonalData;
import partyline.contacts.Contact;
import partyline.contacts.Contacts;
import partyline.conversations.Connections;
import partyline.conversations.Conversations;
import partyline.conversations.ListedPerson;
import partyline.conversations.PersonConnection;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.media.MediaFiles;
import partyline.rules.Consents;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/people`: one person over all agents of an organization; and, for the operator, all that the
/// server keeps about them, to be shown and to be forgotten, as the commands `export` and `erase` do it.
public final class PeopleRoutes {

    private static final String ALL = "/api/v1/people";
    private static final String ONE = ALL + "/{number}";
    private static final int MOST_CONSENTS = 200;
    private static final int LONGEST_QUERY = 200;
    private static final Pattern BETWEEN_DIGITS = Pattern.compile("[\\s().-]");
    private static final Pattern DIGITS = Pattern.compile("\\+?[0-9]*");

    private final Conversations conversations;
    private final Connections connections;
    private final Identities identities;
    private final Contacts contacts;
    private final Consents consents;
    private final MediaFiles media;
    private final EventLog events;
    private final PersonalData personal;

    public PeopleRoutes(
            Conversations conversations,
            Connections connections,
            Identities identities,
            Contacts contacts,
            Consents consents,
            MediaFiles media,
            EventLog events,
            PersonalData personal) {
        this.conversations = conversations;
        this.connections = connections;
        this.identities = identities;
        this.contacts = contacts;
        this.consents = consents;
        this.media = media;
        this.events = events;
        this.personal = personal;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, ADMIN);
        routes.get(ONE, this::get, ADMIN);
        routes.get(ONE + "/export", this::export, OPERATOR);
        routes.delete(ONE, this::erase, OPERATOR);
    }

    private void list(Context ctx) {
        Caller caller = Access.caller(ctx);
        int limit = Params.limit(ctx);
        List<ListedPerson> found = conversations.people(caller, filter(ctx, caller, limit));
        if (found.size() == limit) {
            ctx.header("Link", Params.next(ctx, found.getLast().number()));
        }
        Map<PhoneNumber, Contact> known =
                contacts.known(caller, found.stream().map(ListedPerson::number).toList());
        Answer.list(
                ctx,
                found,
                person -> Json.object()
                        .put("number", person.number().text())
                        .<ObjectNode>set("contact", contact(known.get(person.number())))
                        .put("conversations", person.conversations())
                        .put(
                                "latest_message_at",
                                person.latest().map(Timestamps::iso).orElse(null)));
    }

    /// What looks like a number is the beginning of one; all else is looked for in the address book.
    private ListedPerson.Filter filter(Context ctx, Caller caller, int limit) {
        String query = Optional.ofNullable(ctx.queryParam("q")).orElse("").strip();
        if (query.length() > LONGEST_QUERY) {
            throw ValidationError.query("q", "must have at most " + LONGEST_QUERY + " characters");
        }
        Optional<PhoneNumber> after = Params.number(ctx, "cursor");
        String digits = BETWEEN_DIGITS.matcher(query).replaceAll("");
        return DIGITS.matcher(digits).matches()
                ? new ListedPerson.Filter(after, "+" + digits.replace("+", ""), Optional.empty(), limit)
                : new ListedPerson.Filter(after, "+", Optional.of(contacts.numbers(caller, query)), limit);
    }

    private void get(Context ctx) {
        Caller caller = Access.caller(ctx);
        PhoneNumber number = Params.pathNumber(ctx);
        // First what ends connections, so that nobody is seen to have said STOP and to be connected.
        Optional<Instant> stopped = consents.stoppedAt(caller, Optional.empty(), number);
        List<Consents.Change> said = consents.list(caller, Optional.of(number), MOST_CONSENTS, 0);
        List<PersonConnection> connected = connections.of(caller, number);
        Optional<Contact> contact =
                Optional.ofNullable(contacts.known(caller, List.of(number)).get(number));
        if (connected.isEmpty() && contact.isEmpty() && said.isEmpty()) {
            throw ApiError.PERSON_NOT_FOUND.asException();
        }
        ObjectNode json = Json.object();
        json.put("number", number.text());
        json.set("contact", contact(contact.orElse(null)));
        ArrayNode all = json.putArray("connections");
        connected.forEach(it -> all.add(json(caller, it)));
        ArrayNode changes = json.putArray("consents");
        said.forEach(it -> changes.add(ConsentRoutes.json(it)));
        json.put("stopped_at", stopped.map(Timestamps::iso).orElse(null));
        json.set("kept", kept(caller, number, connected));
        Answer.ok(ctx, json);
    }

    private ObjectNode kept(Caller caller, PhoneNumber number, List<PersonConnection> connected) {
        MediaFiles.SentFiles files = media.sentBy(caller.organization(), number);
        ObjectNode json = Json.object();
        json.put(
                "messages",
                connected.stream().mapToInt(PersonConnection::messages).sum());
        json.put("media", files.count());
        json.put("media_bytes", files.bytes());
        events.about(caller.organization(), number)
                .ifPresentOrElse(count -> json.put("events", count), () -> json.putNull("events"));
        return json;
    }

    private ObjectNode json(Caller caller, PersonConnection of) {
        Id agent = of.connection().identity();
        ObjectNode json = Json.object();
        json.put("agent_identity_id", agent.text());
        json.put(
                "agent_handle",
                identities
                        .find(caller, agent)
                        .map(Identity::handle)
                        .map(it -> it.text())
                        .orElse(null));
        json.put("assignment_id", of.connection().id().text());
        json.put("conversation_id", of.conversation().map(Id::text).orElse(null));
        json.put("status", of.connection().status());
        json.put("connected_at", Timestamps.iso(of.connection().createdAt()));
        json.put(
                "released_at", of.connection().releasedAt().map(Timestamps::iso).orElse(null));
        json.put("messages", of.messages());
        json.put("unread", of.unread());
        json.put("media", of.media());
        json.put("first_message_at", of.first().map(Timestamps::iso).orElse(null));
        json.put("latest_message_at", of.latest().map(Timestamps::iso).orElse(null));
        return json;
    }

    private static @Nullable ObjectNode contact(@Nullable Contact contact) {
        return contact == null
                ? null
                : Json.object()
                        .put("id", contact.id().text())
                        .put("name", contact.card().name().orElse(null));
    }

    private void export(Context ctx) {
        PhoneNumber number = Params.pathNumber(ctx);
        ctx.header(
                "Content-Disposition",
                "attachment; filename=\"person-" + number.text().substring(1) + ".json\"");
        ctx.contentType("application/json").result(Channels.newInputStream(personal.export(number)));
    }

    /// Nobody does this by a slip of the hand: the number is said twice.
    private void erase(Context ctx) {
        Params.only(ctx, "confirm");
        PhoneNumber number = Params.pathNumber(ctx);
        if (!Params.number(ctx, "confirm").equals(Optional.of(number))) {
            throw ValidationError.query("confirm", "must be the number again: all that is kept about it goes for good");
        }
        PersonalData.Erasure erasure = personal.erase(number);
        Answer.ok(ctx, Json.object().put("rows", erasure.rows()).put("scrubbed", erasure.scrubbed()));
    }
}
