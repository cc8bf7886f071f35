package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.conversations.Conversations;
import partyline.conversations.IdempotencyKey;
import partyline.conversations.Message;
import partyline.conversations.Message.Content;
import partyline.conversations.MessageFilter;
import partyline.conversations.MessageSearch;
import partyline.conversations.Page;
import partyline.conversations.SearchOutcome;
import partyline.conversations.SearchQuery;
import partyline.conversations.SendOutcome;
import partyline.conversations.SendRequest;
import partyline.conversations.SendRequest.Recipient;
import partyline.conversations.TimeRange;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.outbound.Outbound;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage/messages`: sending, listing and searching; `/api/v1/message-sends`: what was sent under a key.
public final class MessageRoutes {

    private static final String MESSAGES = "/api/v1/imessage/messages";
    private static final String LOOKUP = "/api/v1/message-sends/lookup";
    /// Under which the idempotency keys of sends are kept.
    public static final String ENDPOINT = "messages";
    private static final Set<String> SENDERS = Set.of("mailbox", "phone_number", "imessage_identity");
    /// What a look-up needs beside the key, with what to give.
    private static final List<Map.Entry<String, String>> LOOKED_UP_BY = List.of(
            Map.entry("sender_kind", "imessage_identity"),
            Map.entry("sender_id", "the id of the agent that sent"),
            Map.entry("operation", "imessage.send"));

    private static final int LONGEST_TEXT = 18_996;
    private static final int LONGEST_URL = 2_048;
    private static final int LONGEST_QUERY = 200;
    private static final Duration RETRY = Duration.ofSeconds(5);
    static final Set<String> STYLES = Set.of(
            "celebration",
            "shooting_star",
            "fireworks",
            "lasers",
            "love",
            "confetti",
            "balloons",
            "spotlight",
            "echo",
            "invisible",
            "gentle",
            "loud",
            "slam");

    private final Conversations conversations;
    private final MessageSearch search;
    private final Refusals refusals;
    private final Access access;

    public MessageRoutes(Conversations conversations, MessageSearch search, Refusals refusals, Access access) {
        this.conversations = conversations;
        this.search = search;
        this.refusals = refusals;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(MESSAGES, this::list, KEY);
        routes.post(MESSAGES, this::send, KEY);
        routes.get(MESSAGES + "/{message_id}", this::get, KEY);
        routes.get(LOOKUP, this::lookup, KEY);
        routes.get("/api/v1/identities/{handle}/usage", this::usage, KEY);
    }

    private void list(Context ctx) {
        MessageFilter filter = new MessageFilter(
                access.narrowed(ctx).map(Identity::id),
                Params.id(ctx, "conversation_id"),
                Params.flag(ctx, "is_read"),
                Params.flag(ctx, "is_blocked"),
                TimeRanges.of(ctx),
                Params.id(ctx, "cursor"),
                Params.limit(ctx),
                Params.offset(ctx));
        Optional<Id> after = Params.id(ctx, "after");
        if (after.isPresent()) {
            if (ctx.queryParam("q") != null || filter.offset() > 0) {
                throw ValidationError.query("after", "does not go with q, nor with offset: follow the Link header");
            }
            following(ctx, filter, after.get());
            return;
        }
        Optional<SearchQuery> query = query(ctx);
        if (query.isPresent()) {
            search(ctx, filter, query.get());
            return;
        }
        Page<Message> page = conversations.messages(Access.caller(ctx), filter);
        if (page.more()) {
            ctx.header("Link", Params.next(ctx, page.rows().getLast().id()));
        }
        Answer.list(ctx, page.rows(), it -> conversations.json(Access.caller(ctx), it));
    }

    private void following(Context ctx, MessageFilter filter, Id one) {
        Page<Message> page = conversations.following(Access.caller(ctx), filter, one);
        if (page.more()) {
            ctx.header("Link", Params.following(ctx, page.rows().getLast().id()));
        }
        Answer.list(ctx, page.rows(), it -> conversations.json(Access.caller(ctx), it));
    }

    /// A stretch of one conversation, the newest first: messages older than `before`.
    public Page<ObjectNode> of(Caller caller, Id conversation, Optional<Id> before, int limit) {
        Page<Message> page = conversations.messages(caller, stretch(caller, Optional.of(conversation), before, limit));
        return new Page<>(
                page.rows().stream().map(it -> conversations.json(caller, it)).toList(), page.more());
    }

    /// What `body` searches for, in everything or in one conversation, the newest first.
    public Page<ObjectNode> search(Caller caller, Body body, int limit) {
        SearchQuery query = query(body.text("q", Integer.MAX_VALUE), wrong -> ValidationError.body("q", wrong));
        MessageFilter filter = stretch(caller, body.id("conversation_id"), body.id("before"), limit);
        SearchOutcome.Found found = found(caller, filter, query);
        return new Page<>(
                found.hits().stream().map(it -> conversations.json(caller, it)).toList(), found.more());
    }

    private MessageFilter stretch(Caller caller, Optional<Id> conversation, Optional<Id> before, int limit) {
        conversation.filter(it -> conversations.find(caller, it).isEmpty()).ifPresent(_ -> {
            throw ApiError.CONVERSATION_NOT_FOUND.asException();
        });
        return new MessageFilter(
                Optional.empty(), conversation, Optional.empty(), Optional.empty(), TimeRange.ALL, before, limit, 0);
    }

    private void search(Context ctx, MessageFilter filter, SearchQuery query) {
        SearchOutcome.Found found = found(Access.caller(ctx), filter, query);
        if (found.more()) {
            ctx.header("Link", Params.next(ctx, found.hits().getLast().message().id()));
        }
        Answer.list(ctx, found.hits(), it -> conversations.json(Access.caller(ctx), it));
    }

    private SearchOutcome.Found found(Caller caller, MessageFilter filter, SearchQuery query) {
        return switch (search.search(caller, filter, query)) {
            case SearchOutcome.Found found -> found;
            case SearchOutcome.NotIndexed(var percent) ->
                throw ApiError.SEARCH_NOT_READY
                        .with(Json.object().put("indexed_percent", percent))
                        .after(RETRY);
        };
    }

    private static Optional<SearchQuery> query(Context ctx) {
        return Optional.ofNullable(ctx.queryParam("q")).map(text -> {
            if (Params.offset(ctx) > 0) {
                throw ValidationError.query(
                        "offset", "does not go with q: follow the Link header, or give the last id as cursor");
            }
            return query(text, wrong -> ValidationError.query("q", wrong));
        });
    }

    private static SearchQuery query(String given, Function<String, ApiException> refusal) {
        String text = given.strip();
        if (text.isEmpty() || text.length() > LONGEST_QUERY) {
            throw refusal.apply("must have 1 to " + LONGEST_QUERY + " characters, spaces around it apart");
        }
        return SearchQuery.of(text).orElseThrow(() -> refusal.apply("has no word: give letters, digits or an emoji"));
    }

    private void get(Context ctx) {
        Optional<Id> asserted = Params.id(ctx, "agent_identity_id");
        Message found = conversations
                .message(Access.caller(ctx), Params.pathId(ctx, "message_id"))
                .filter(it -> asserted.isEmpty() || it.place().identity().equals(asserted.get()))
                .orElseThrow(ApiError.MESSAGE_NOT_FOUND::asException);
        Answer.ok(ctx, conversations.json(Access.caller(ctx), found));
    }

    private void send(Context ctx) {
        Caller caller = Access.caller(ctx);
        Optional<Id> sender = caller.admin() ? Params.id(ctx, "agent_identity_id") : Optional.empty();
        SendOutcome.Report report = send(caller, Body.of(ctx), sender, Params.once(ctx, ENDPOINT));
        allow(ctx, report);
        Answer.made(ctx, json(caller, report), report.replayed());
    }

    /// Sends what `body` says, whichever way it came; an admin's text to a number is of the agent `sender`.
    public SendOutcome.Report send(Caller caller, Body body, Optional<Id> sender, Optional<IdempotencyKey> once) {
        if (body.json().hasNonNull("reply_to_message_id")) {
            throw ValidationError.body(
                    "reply_to_message_id", "is not offered here, and a plain message would be no reply: leave it out");
        }
        return conversations.send(caller, new SendRequest(recipient(caller, body, sender), content(body), once));
    }

    /// What was sent.
    ///
    /// @throws ApiException when it was refused.
    public ObjectNode json(Caller caller, SendOutcome.Report report) {
        ObjectNode answer = Json.object();
        answer.set("message", conversations.json(caller, sent(report.outcome())));
        return answer;
    }

    private void usage(Context ctx) {
        Conversations.Usage usage = conversations.usage(access.named(ctx));
        Answer.ok(
                ctx,
                Json.object()
                        .put("sends_24h", usage.sends())
                        .put("limit", usage.limit().orElse(null))
                        .put("resets_at", usage.resetsAt().map(Timestamps::iso).orElse(null)));
    }

    /// Every unknown sender, kind, operation and key gets the same answer. Clients differ in the operation's name.
    private void lookup(Context ctx) {
        IdempotencyKey key = Params.onceGiven(ctx, ENDPOINT, LOOKED_UP_BY);
        String kind = Params.oneOf(ctx, "sender_kind", SENDERS).orElseThrow();
        Id sender = Params.id(ctx, "sender_id").orElseThrow();
        boolean here = Params.text(ctx, "operation").startsWith("imessage") && kind.equals("imessage_identity");
        Id sent = Optional.of(sender)
                .filter(_ -> here)
                .flatMap(identity -> conversations.sent(Access.caller(ctx), identity, key))
                .orElseThrow(ApiError.SEND_NOT_RECORDED::asException);
        Answer.ok(ctx, Json.object().put("message_id", sent.text()));
    }

    private static Recipient recipient(Caller caller, Body body, Optional<Id> sender) {
        Optional<Id> conversation = body.id("conversation_id");
        JsonNode to = body.json().path("to");
        boolean person = !to.isMissingNode() && !to.isNull();
        if (person == conversation.isPresent()) {
            throw ValidationError.body("to", "or conversation_id: give exactly one of the two");
        }
        if (conversation.isPresent()) {
            return new Recipient.Existing(conversation.get());
        }
        PhoneNumber number = number(body, to);
        if (caller.admin() && sender.isEmpty()) {
            throw ValidationError.query("agent_identity_id", "is required with an admin key when sending by \"to\"");
        }
        return new Recipient.Person(number, sender);
    }

    private static PhoneNumber number(Body body, JsonNode to) {
        if (!to.isArray()) {
            return body.number("to");
        }
        List<String> numbers = body.texts("to", 8);
        if (numbers.size() != 1) {
            throw ValidationError.body("to", "takes one number: this server carries no group conversations");
        }
        return Body.number("to", numbers.getFirst());
    }

    private static Content content(Body body) {
        String text = body.textOrNull("text", LONGEST_TEXT);
        List<String> urls =
                body.texts("media_urls", 100).stream().map(Outbound::normal).toList();
        if (urls.size() > 1) {
            throw ValidationError.body("media_urls", "takes at most one URL");
        }
        urls.forEach(url -> checkUrl("media_urls", url));
        boolean silent = text == null || text.isBlank();
        if (silent && urls.isEmpty()) {
            throw ValidationError.body("text", "is missing: provide text or one media URL");
        }
        List<Message.Media> media = urls.stream()
                .map(url -> new Message.Media(url, null, null, null))
                .toList();
        return new Content(
                silent ? null : text, media, body.oneOf("send_style", STYLES).orElse(null));
    }

    static void checkUrl(String field, String url) {
        try {
            URI uri = new URI(url);
            String scheme = uri.getScheme();
            boolean web = "https".equalsIgnoreCase(scheme) || "http".equalsIgnoreCase(scheme);
            if (url.length() <= LONGEST_URL && web && uri.getHost() != null && uri.getUserInfo() == null) {
                return;
            }
        } catch (URISyntaxException e) {
            // Falls through to the answer that names the field.
        }
        throw ValidationError.body(field, "must hold an http or https URL without credentials");
    }

    private Message sent(SendOutcome outcome) {
        return switch (outcome) {
            case SendOutcome.Queued(var message) -> message;
            case SendOutcome.Replayed(var message) -> message;
            case SendOutcome.IdentityNotFound() -> throw ApiError.IDENTITY_NOT_FOUND.asException();
            case SendOutcome.ConversationNotFound() -> throw ApiError.CONVERSATION_NOT_FOUND.asException();
            case SendOutcome.BadMedia(var why) -> throw ValidationError.body("media_urls", why);
            case SendOutcome.NotEnabled _ -> throw ApiError.IMESSAGE_NOT_ENABLED.asException();
            case SendOutcome.Blocked blocked -> throw refusals.blocked(blocked);
            case SendOutcome.NotConnected(var handle) -> throw refusals.notConnected(handle);
            case SendOutcome.Inactive(var handle) -> throw refusals.inactive(handle);
            case SendOutcome.AwaitingInbound() -> throw ApiError.AWAITING_INBOUND.asException();
            case SendOutcome.OptedOut(var person) -> throw refusals.optedOut(person);
            case SendOutcome.LineRests rests ->
                throw ApiError.NEW_PEOPLE_LIMITED.asException().after(rests.left());
            case SendOutcome.Paused paused ->
                throw ApiError.CONVERSATION_PAUSED
                        .with("paused_until", Timestamps.iso(paused.until()))
                        .after(paused.left());
            case SendOutcome.RateLimited(var allowance) ->
                throw ApiError.SENDER_RATE_LIMITED.asException().after(allowance.untilReset());
            case SendOutcome.KeyReused() -> throw ApiError.KEY_REUSED.asException();
        };
    }

    private static void allow(Context ctx, SendOutcome.Report report) {
        report.allowance().ifPresent(allowance -> {
            ctx.header("X-RateLimit-Limit", String.valueOf(allowance.limit()));
            ctx.header("X-RateLimit-Remaining", String.valueOf(allowance.remaining()));
            ctx.header("X-RateLimit-Reset", String.valueOf(allowance.resetAt().getEpochSecond()));
        });
    }
}
