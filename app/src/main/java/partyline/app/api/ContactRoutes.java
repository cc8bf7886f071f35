package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.contacts.Card;
import partyline.contacts.Contact;
import partyline.contacts.ContactAddress;
import partyline.contacts.ContactAddress.Kind;
import partyline.contacts.Contacts;
import partyline.contacts.Contacts.Lookup;
import partyline.contacts.Contacts.Lookup.How;
import partyline.contacts.Contacts.Outcome;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/contacts`: the organization's address book.
///
/// Of what published clients know beside it there is nothing here: no facts and no notes apart from a contact's own,
/// which lists say, and neither import, export nor merging, which is refused.
public final class ContactRoutes {

    private static final String ALL = "/api/v1/contacts";
    private static final String ONE = ALL + "/{contact_id}";
    private static final String NOTES = "/api/v1/notes";
    private static final String REVIEW = "review_status";
    private static final Set<String> ORDERS = Set.of("name", "recent");
    private static final Set<String> REVIEWS = Set.of("confirmed", "unreviewed");
    private static final List<String> LOOKUPS =
            List.of("email", "email_contains", "email_domain", "phone", "phone_contains");
    private static final int LONGEST_SEARCH = 320;
    private static final int FURTHEST = 10_000;
    private static final int MOST_DELETED = 200;

    private final Contacts contacts;

    public ContactRoutes(Contacts contacts) {
        this.contacts = contacts;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, KEY);
        routes.post(ALL, this::create, KEY);
        routes.get(ALL + "/lookup", this::lookup, KEY);
        routes.post(ALL + "/bulk-delete", this::deleteAll, KEY);
        routes.post(ALL + "/import", ContactRoutes::refuse, KEY);
        routes.post(ALL + "/vcard-export", ContactRoutes::refuse, KEY);
        routes.get(ONE, this::get, KEY);
        routes.patch(ONE, this::update, KEY);
        routes.delete(ONE, this::delete, KEY);
        routes.get(ONE + "/access", this::none, KEY);
        routes.get(ONE + "/facts", this::none, KEY);
        routes.post(ONE + "/facts", ContactRoutes::refuse, KEY);
        routes.get(NOTES, ctx -> Answer.ok(ctx, Json.array()), KEY);
        routes.post(NOTES, ContactRoutes::refuse, KEY);
    }

    private void list(Context ctx) {
        List<String> reviews = ctx.queryParams(REVIEW);
        if (!REVIEWS.containsAll(reviews)) {
            throw ValidationError.query(REVIEW, "must be one of confirmed, unreviewed");
        }
        Optional<Boolean> confirmed = Set.copyOf(reviews).size() == 1
                ? Optional.of(reviews.getFirst().equals("confirmed"))
                : Optional.empty();
        Contacts.Filter filter = new Contacts.Filter(
                search(ctx, "q").orElse(""),
                confirmed,
                !Params.oneOf(ctx, "order", ORDERS).equals(Optional.of("recent")),
                Params.limit(ctx),
                Params.number(ctx, "offset", 0, 0, FURTHEST));
        Caller caller = Access.caller(ctx);
        Contacts.Page<String> page = contacts.list(caller, filter, text(caller));
        int next = filter.offset() + page.rows().size();
        if (page.more() && next <= FURTHEST) {
            ctx.header("Link", Params.next(ctx, next));
        }
        Answer.texts(ctx, page.rows());
    }

    private void lookup(Context ctx) {
        List<String> given =
                LOOKUPS.stream().filter(ctx.queryParamMap()::containsKey).toList();
        if (given.size() != 1 || ctx.queryParams(given.getFirst()).size() != 1) {
            throw ValidationError.query(
                    given.isEmpty() ? "phone" : given.getLast(),
                    "or one other of " + String.join(", ", LOOKUPS) + " must be given, and only one");
        }
        String name = given.getFirst();
        String text = search(ctx, name).orElseThrow(() -> ValidationError.query(name, "must not be empty"));
        Caller caller = Access.caller(ctx);
        Answer.texts(
                ctx, contacts.lookup(caller, lookup(name, text), text(caller)).rows());
    }

    private static Lookup lookup(String name, String text) {
        return switch (name) {
            case "email" ->
                new Lookup(Kind.EMAIL, How.IS, ContactAddress.email(text).text());
            case "email_contains" ->
                new Lookup(Kind.EMAIL, How.CONTAINS, ContactAddress.email(text).text());
            case "email_domain" ->
                new Lookup(
                        Kind.EMAIL,
                        How.DOMAIN,
                        ContactAddress.email(text).text().replaceFirst("^@", ""));
            case "phone" ->
                new Lookup(
                        Kind.PHONE,
                        How.IS,
                        PhoneNumber.parse(text)
                                .orElseThrow(() -> ValidationError.query(
                                        name, "must be an E.164 number such as +12025550140, with + as %2B"))
                                .text());
            default -> new Lookup(Kind.PHONE, How.CONTAINS, digits(name, text));
        };
    }

    private static String digits(String name, String text) {
        String digits = text.replaceAll("[^0-9]", "");
        if (digits.isEmpty()) {
            throw ValidationError.query(name, "must have digits");
        }
        return digits;
    }

    private void create(Context ctx) {
        Params.only(ctx);
        Card card = Card.EMPTY.with(ContactFields.read(Body.of(ctx).only(ContactFields.names())));
        Caller caller = Access.caller(ctx);
        Answer.created(ctx, ContactJson.of(stored(contacts.create(caller, card)), caller));
    }

    private void get(Context ctx) {
        Answer.ok(ctx, ContactJson.of(found(ctx), Access.caller(ctx)));
    }

    /// Whose address is whose decides who is taken for whom, so that is for admins.
    private void update(Context ctx) {
        Params.only(ctx);
        Caller caller = Access.caller(ctx);
        Body body = Body.of(ctx);
        if (!caller.admin() && Stream.of(Card.EMAILS, Card.PHONES).anyMatch(body::has)) {
            throw ApiError.ADMIN_ONLY.asException();
        }
        ObjectNode changes = ContactFields.read(body.only(ContactFields.names(REVIEW)));
        Optional<Boolean> confirmed = body.oneOf(REVIEW, REVIEWS).map("confirmed"::equals);
        if (body.has(REVIEW) && confirmed.isEmpty()) {
            throw ValidationError.body(REVIEW, "must be one of confirmed, unreviewed");
        }
        Answer.ok(ctx, ContactJson.of(stored(contacts.update(caller, id(ctx), changes, confirmed)), caller));
    }

    private void delete(Context ctx) {
        Params.only(ctx);
        switch (contacts.delete(Access.caller(ctx), id(ctx))) {
            case DELETED -> ctx.status(204);
            case NOT_FOUND -> throw ApiError.CONTACT_NOT_FOUND.asException();
            case NOT_OWN -> throw ApiError.ADMIN_ONLY.asException();
        }
    }

    /// One after the other, so that the writes of others get their turns between them.
    private void deleteAll(Context ctx) {
        Params.only(ctx);
        Body body = Body.of(ctx).only("contact_ids");
        if (!body.has("contact_ids")) {
            throw ValidationError.body("contact_ids", "is required");
        }
        List<Id> ids = body.texts("contact_ids", MOST_DELETED).stream()
                .map(text -> Id.tryParse(text)
                        .orElseThrow(() -> ValidationError.body("contact_ids", "must be a list of UUIDs")))
                .toList();
        ArrayNode results = Json.array();
        int deleted = 0;
        for (Id id : ids) {
            ObjectNode result = results.addObject().put("contact_id", id.text());
            switch (contacts.delete(Access.caller(ctx), id)) {
                case DELETED -> {
                    result.put("status", "deleted").putNull("error");
                    deleted++;
                }
                case NOT_FOUND -> refused(result, ApiError.CONTACT_NOT_FOUND);
                case NOT_OWN -> refused(result, ApiError.ADMIN_ONLY);
            }
        }
        ObjectNode answer = Json.object().put("deleted_count", deleted).put("error_count", ids.size() - deleted);
        answer.set("results", results);
        Answer.ok(ctx, answer);
    }

    private static void refused(ObjectNode result, ApiError why) {
        result.put("status", "error").put("error", why.message()).put("error_code", why.code());
    }

    /// A list that has nothing, of a contact that is there.
    private void none(Context ctx) {
        found(ctx);
        Answer.ok(ctx, Json.array());
    }

    private static void refuse(Context ctx) {
        throw ApiError.NOT_FOUND.asException();
    }

    private Contact found(Context ctx) {
        return contacts.find(Access.caller(ctx), id(ctx)).orElseThrow(ApiError.CONTACT_NOT_FOUND::asException);
    }

    /// What is no id names no contact: clients also ask for cards of other kinds there.
    static Id id(Context ctx) {
        return Id.tryParse(ctx.pathParam("contact_id")).orElseThrow(ApiError.CONTACT_NOT_FOUND::asException);
    }

    static Contact stored(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Stored(var contact) -> contact;
            case Outcome.Duplicate(var address, var owner) -> {
                ObjectNode more =
                        Json.object().put("kind", address.kind().wire()).put("value", address.text());
                throw ApiError.DUPLICATE_CONTACT.with(
                        more.put("existing_contact_id", owner.map(Id::text).orElse(null)));
            }
            case Outcome.QuotaExceeded() -> throw ApiError.CONTACT_QUOTA_EXCEEDED.asException();
            case Outcome.TooLarge() ->
                throw ValidationError.body("The contact would be too large: at most " + Card.LARGEST
                        + " characters as JSON, beside phones and emails.");
            case Outcome.NotFound() -> throw ApiError.CONTACT_NOT_FOUND.asException();
            case Outcome.NoIdentity() -> throw ApiError.IDENTITY_NOT_FOUND.asException();
            case Outcome.HiddenTooOften() ->
                throw ValidationError.body(
                        "The contact would be hidden too often: its numbers times the agents that it is hidden from are "
                                + Contacts.MOST_HIDDEN + " at most.");
            case Outcome.ForeignAddress(var address) ->
                throw ValidationError.body(
                        address.kind().wire() + "s", "names " + address.text() + ", which this contact does not have");
            case Outcome.ProfileOff() -> throw PermissionFields.closedProfile("profile");
            case Outcome.RulesFull() -> throw ApiError.RULE_QUOTA_EXCEEDED.asException();
        };
    }

    private static Optional<String> search(Context ctx, String name) {
        Optional<String> text = Optional.ofNullable(ctx.queryParam(name)).map(String::strip);
        if (text.filter(it -> it.length() > LONGEST_SEARCH).isPresent()) {
            throw ValidationError.query(name, "must have at most " + LONGEST_SEARCH + " characters");
        }
        return text.filter(it -> !it.isEmpty());
    }

    private static Function<Contact, String> text(Caller caller) {
        return contact -> Json.write(ContactJson.of(contact, caller));
    }
}
