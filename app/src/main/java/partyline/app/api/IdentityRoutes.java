package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.DedicatedNumbers.Number;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/identities`: the agents of an organization.
public final class IdentityRoutes {

    private static final String ALL = "/api/v1/identities";
    private static final String ONE = ALL + "/{handle}";
    private static final String SELF = ALL + "/self";
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_DESCRIPTION = 4_000;
    private static final int MOST_LISTED = 1_000;
    private static final String SHARING = "contact_sharing_enabled";
    private static final Set<String> KEYS = Stream.of(
                    Stream.of("agent_handle", "display_name", "description", "imessage_enabled", SHARING),
                    FilterModeKeys.ALL.stream(),
                    ResourceKeys.CLAIMS.stream(),
                    ResourceKeys.EMPTY.stream())
            .flatMap(keys -> keys)
            .collect(Collectors.toUnmodifiableSet());

    private final Identities identities;
    private final IdentityDeletion cascade;
    private final DedicatedNumbers numbers;
    private final Access access;

    public IdentityRoutes(Identities identities, IdentityDeletion cascade, DedicatedNumbers numbers, Access access) {
        this.identities = identities;
        this.cascade = cascade;
        this.numbers = numbers;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, KEY);
        routes.post(ALL, this::create, ADMIN);
        routes.get(SELF, this::self, KEY);
        routes.get(ONE, this::get, KEY);
        routes.patch(ONE, this::update, KEY);
        routes.delete(ONE, this::delete, ADMIN);
    }

    private void list(Context ctx) {
        Answer.list(ctx, identities.list(Access.caller(ctx), MOST_LISTED, Params.offset(ctx)), this::json);
    }

    private void create(Context ctx) {
        Params.only(ctx);
        Body body = Body.of(ctx).only(KEYS);
        ResourceKeys.refuseIn(body);
        FilterModes modes = FilterModeKeys.edit(body).apply(FilterModes.DEFAULT);
        Handle handle = body.handle("agent_handle");
        Profile profile = new Profile(
                body.has("display_name") ? name(body) : handle.text(),
                body.textOrNull("description", LONGEST_DESCRIPTION),
                sharing(body).orElse(true));
        var outcome =
                identities.create(Access.caller(ctx), handle, profile, body.flag("imessage_enabled", false), modes);
        Answer.created(ctx, json(stored(outcome)));
    }

    /// The identity of the key that asks; an admin key has none, but there may be one of that handle.
    private void self(Context ctx) {
        Caller caller = Access.caller(ctx);
        Identity self = caller.identity()
                .map(id -> identities.find(caller, id))
                .orElseGet(() -> identities.find(caller, new Handle("self")))
                .orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
        Answer.ok(ctx, json(self));
    }

    private void get(Context ctx) {
        Answer.ok(ctx, json(access.named(ctx)));
    }

    private void update(Context ctx) {
        Body body = Body.of(ctx);
        Caller caller = Access.caller(ctx);
        Handle handle = Params.pathHandle(ctx);
        if (!caller.admin() && isForAdmins(body, handle)) {
            throw ApiError.ADMIN_ONLY.asException();
        }
        Params.only(ctx);
        Optional<Number> own =
                body.only(KEYS).has(ResourceKeys.NUMBER) ? numbers.of(access.named(ctx)) : Optional.empty();
        ResourceKeys.refuseIn(ctx, body, own);
        Answer.ok(ctx, json(stored(identities.update(caller, handle, edit(body)))));
    }

    private void delete(Context ctx) {
        Params.only(ctx);
        cascade.delete(access.named(ctx));
        ctx.status(204);
    }

    /// Whether the body asks for what an agent may not do for itself: open or close its doors, take another name,
    /// have a number.
    private static boolean isForAdmins(Body body, Handle handle) {
        return Stream.concat(FilterModeKeys.ALL.stream(), ResourceKeys.CLAIMS.stream())
                        .anyMatch(body::has)
                || body.has("agent_handle") && !body.handle("agent_handle").equals(handle);
    }

    /// What the body asks to be changed. All of it is read and judged here: the edit itself is part of a write, which
    /// others wait for.
    private static UnaryOperator<Identity> edit(Body body) {
        Optional<Handle> handle =
                body.has("agent_handle") ? Optional.of(body.handle("agent_handle")) : Optional.empty();
        String name = name(body);
        String description = body.textOrNull("description", LONGEST_DESCRIPTION);
        Optional<Boolean> enabled = body.flag("imessage_enabled");
        Optional<Boolean> sharing = sharing(body);
        UnaryOperator<FilterModes> modes = FilterModeKeys.edit(body);
        return before -> {
            Profile old = before.profile();
            return before.with(
                    handle.orElse(before.handle()),
                    new Profile(
                            body.has("display_name") ? name : old.displayName(),
                            body.has("description") ? description : old.description(),
                            sharing.orElse(old.contactSharing())),
                    enabled.orElse(before.enabled()),
                    modes.apply(before.filterModes()));
        };
    }

    /// People read it within our own sentences, so it cannot bring lines or a direction of its own.
    private static @Nullable String name(Body body) {
        Optional<String> name = body.textOrEmpty("display_name", LONGEST_NAME);
        if (name.filter(it -> !Identity.isName(it)).isPresent()) {
            throw ValidationError.body(
                    "display_name", "must be one line, without control characters and marks of writing direction");
        }
        return name.orElse(null);
    }

    /// Null neither shares nor hides.
    private static Optional<Boolean> sharing(Body body) {
        Optional<Boolean> sharing = body.flag(SHARING);
        if (sharing.isEmpty() && body.has(SHARING)) {
            throw ValidationError.body(SHARING, "must be true or false");
        }
        return sharing;
    }

    private static Identity stored(Identities.Outcome outcome) {
        return switch (outcome) {
            case Identities.Outcome.Stored(var identity) -> identity;
            case Identities.Outcome.HandleTaken() ->
                throw ApiError.HANDLE_UNAVAILABLE.with("blocking_namespace", "identities");
            case Identities.Outcome.QuotaExceeded() -> throw ApiError.IDENTITY_QUOTA_EXCEEDED.asException();
            case Identities.Outcome.NotFound() -> throw ApiError.IDENTITY_NOT_FOUND.asException();
        };
    }

    /// The identity as every answer shows it.
    private ObjectNode json(Identity identity) {
        ObjectNode json = Json.object();
        json.put("id", identity.id().text());
        json.put("organization_id", identity.organization().text());
        json.put("agent_handle", identity.handle().text());
        json.put("display_name", identity.profile().displayName());
        json.put("description", identity.profile().description());
        json.putNull("email_address");
        json.put("imessage_enabled", identity.enabled());
        FilterModeKeys.put(json, identity.filterModes());
        json.put(SHARING, identity.profile().contactSharing());
        Optional<String> keyAt = identity.signingKeyCreatedAt().map(Timestamps::iso);
        json.put("signing_key_configured", keyAt.isPresent());
        json.put("signing_key_created_at", keyAt.orElse(null));
        json.put("created_at", Timestamps.iso(identity.createdAt()));
        json.put("updated_at", Timestamps.iso(identity.updatedAt()));
        json.putNull("mailbox");
        json.putNull("phone_number");
        json.set(
                "imessage_number", numbers.of(identity).map(NumberRoutes::brief).orElse(null));
        json.putNull("tunnel");
        return json;
    }
}
