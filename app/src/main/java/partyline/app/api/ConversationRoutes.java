package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Params;
import partyline.conversations.Connection;
import partyline.conversations.Connections;
import partyline.conversations.Conversation;
import partyline.conversations.ConversationFilter;
import partyline.conversations.Conversations;
import partyline.conversations.Message;
import partyline.conversations.Page;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.router.Router;
import partyline.transport.Capabilities;
import partyline.transport.Line;
import partyline.transport.Transport;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage`: conversations, assignments, and the number that people text to connect.
public final class ConversationRoutes {

    private static final String ROOT = "/api/v1/imessage";

    private final Conversations conversations;
    private final Connections connections;
    private final Router router;
    private final Transport transport;
    private final Access access;

    public ConversationRoutes(
            Conversations conversations, Connections connections, Router router, Transport transport, Access access) {
        this.router = router;
        this.conversations = conversations;
        this.connections = connections;
        this.transport = transport;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(ROOT + "/triage-number", this::triageNumber, KEY);
        routes.get("/api/v1/identities/{handle}/connect-card.svg", this::card, KEY);
        routes.get(ROOT + "/conversations", this::list, KEY);
        routes.get(ROOT + "/conversations/{conversation_id}", this::get, KEY);
        routes.get(ROOT + "/conversations/{conversation_id}/capabilities", this::capabilities, KEY);
        routes.get(ROOT + "/assignments", this::assignments, KEY);
        routes.delete(ROOT + "/assignments/{assignment_id}", this::disconnect, ADMIN);
    }

    private void triageNumber(Context ctx) {
        Answer.ok(
                ctx,
                connecting(access.narrowed(ctx).map(it -> it.handle().text()).orElse("your-handle")));
    }

    private void card(Context ctx) {
        ObjectNode how = connecting(access.named(ctx).handle().text());
        ctx.contentType("image/svg+xml")
                .result(ConnectCard.svg(
                        how.path("connect_command").stringValue(),
                        how.path("sms_link").stringValue()));
    }

    /// What a person does to connect with the agent of this handle.
    public ObjectNode connecting(String handle) {
        PhoneNumber number = transport.lines().router().map(Line::number).orElseThrow(ApiError.NO_ROUTER::asException);
        String command = "connect @" + handle;
        String body = URLEncoder.encode(command, StandardCharsets.UTF_8).replace("+", "%20");
        ObjectNode json = Json.object();
        json.put("number", number.text());
        json.put("connect_command", command);
        json.put("sms_link", "sms:" + number + "?&body=" + body);
        return json;
    }

    /// The same for an agent that has a number of its `own`, where nobody needs to connect first.
    public ObjectNode connecting(Handle handle, Optional<PhoneNumber> own) {
        return own.map(number -> Json.object().put("number", number.text()).put("sms_link", "sms:" + number))
                .orElseGet(() -> connecting(handle.text()));
    }

    private void list(Context ctx) {
        Caller caller = Access.caller(ctx);
        Optional<Identity> identity = access.narrowed(ctx);
        ConversationFilter filter = new ConversationFilter(
                identity.map(Identity::id),
                Params.number(ctx, "remote_number"),
                Params.flag(ctx, "is_blocked"),
                Params.flag(ctx, "unread"),
                TimeRanges.of(ctx),
                Params.id(ctx, "cursor"),
                Params.limit(ctx),
                Params.offset(ctx));
        Page<Conversation> found = found(caller, identity, filter);
        if (found.more()) {
            found.rows().getLast().preview().latest().ifPresent(it -> ctx.header("Link", Params.next(ctx, it.id())));
        }
        Answer.list(ctx, found.rows(), it -> summary(caller, it));
    }

    /// The conversations that `filter` takes, each with its latest message; refused where it asks for those of an
    /// `identity` that takes no part.
    public Page<ObjectNode> list(Caller caller, Optional<Identity> identity, ConversationFilter filter) {
        Page<Conversation> found = found(caller, identity, filter);
        return new Page<>(found.rows().stream().map(it -> summary(caller, it)).toList(), found.more());
    }

    private Page<Conversation> found(Caller caller, Optional<Identity> identity, ConversationFilter filter) {
        if (identity.isPresent() && !identity.get().enabled()) {
            throw ApiError.IMESSAGE_NOT_ENABLED.asException();
        }
        return conversations.list(caller, filter);
    }

    private void get(Context ctx) {
        Conversation found = one(ctx);
        Answer.ok(ctx, times(head(Access.caller(ctx), found), found));
    }

    /// What the person's phone shows, as the line knows it now.
    private void capabilities(Context ctx) {
        Conversation found = one(ctx);
        Capabilities can = transport.lines().capabilities(found.connection().line(), found.person());
        Answer.ok(
                ctx,
                Json.object()
                        .put("effects", can.effects())
                        .put("tapbacks", can.tapbacks())
                        .put("typing", can.typing())
                        .put("read_receipts", can.readReceipts())
                        .put("media", can.media()));
    }

    private Conversation one(Context ctx) {
        Optional<Identity> asserted = access.narrowed(ctx);
        return conversations
                .find(Access.caller(ctx), Params.pathId(ctx, "conversation_id"))
                .filter(it -> asserted.isEmpty()
                        || it.connection().identity().equals(asserted.get().id()))
                .orElseThrow(ApiError.CONVERSATION_NOT_FOUND::asException);
    }

    private void assignments(Context ctx) {
        Answer.list(
                ctx,
                connections.list(
                        Access.caller(ctx),
                        access.narrowed(ctx).map(Identity::id),
                        Params.limit(ctx),
                        Params.offset(ctx)),
                Connection::json);
    }

    private void disconnect(Context ctx) {
        if (!router.disconnect(Access.caller(ctx), Params.pathId(ctx, "assignment_id"))) {
            throw ApiError.ASSIGNMENT_NOT_FOUND.asException();
        }
        ctx.status(204);
    }

    private static ObjectNode summary(Caller caller, Conversation conversation) {
        Conversation.Preview preview = conversation.preview();
        Optional<Message> latest = preview.latest();
        ObjectNode json = head(caller, conversation);
        json.put("latest_text", latest.map(it -> it.content().text()).orElse(null));
        json.put(
                "latest_message_at",
                latest.map(it -> Timestamps.iso(it.createdAt())).orElse(null));
        json.put(
                "latest_direction",
                latest.map(it -> it.place().outbound() ? "outbound" : "inbound").orElse(null));
        json.put(
                "latest_has_media",
                latest.filter(it -> !it.content().media().isEmpty()).isPresent());
        json.put("unread_count", preview.unread());
        json.put("total_count", preview.total());
        return times(json, conversation);
    }

    private static ObjectNode head(Caller caller, Conversation conversation) {
        ObjectNode json = Json.object();
        json.put("id", conversation.id().text());
        if (caller.admin()) {
            json.put("agent_identity_id", conversation.connection().identity().text());
        }
        json.put("assignment_id", conversation.connection().id().text());
        json.put("assignment_status", conversation.connection().status());
        json.put("remote_number", conversation.person().text());
        json.putNull("participants");
        json.put("is_group", false);
        json.putNull("group_creation_status");
        return json;
    }

    private static ObjectNode times(ObjectNode json, Conversation conversation) {
        json.put("created_at", Timestamps.iso(conversation.createdAt()));
        json.put("updated_at", Timestamps.iso(conversation.updatedAt()));
        return json;
    }
}
