package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.Function;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.contacts.Card;
import partyline.contacts.Contact;
import partyline.contacts.ContactAddress.Kind;
import partyline.contacts.ContactPermissions;
import partyline.contacts.PermissionChange;
import partyline.contacts.Permissions;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/identities/…/contacts/…`: what an agent may see of a contact, and which of its addresses it may reach and
/// be reached from, in two shapes that say the same; and a new contact with permissions. For admins alone.
public final class ContactPermissionRoutes {

    private static final String OF = "/api/v1/identities/{handle}/contacts/{contact_id}";

    private static final String WISH = "permissions.";

    private final ContactPermissions permissions;
    private final Access access;

    public ContactPermissionRoutes(ContactPermissions permissions, Access access) {
        this.permissions = permissions;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(OF + "/permissions", ctx -> show(ctx, ContactPermissionRoutes::maps), ADMIN);
        routes.patch(
                OF + "/permissions", ctx -> change(ctx, PermissionFields::maps, ContactPermissionRoutes::maps), ADMIN);
        routes.get(OF + "/access", ctx -> show(ctx, ContactPermissionRoutes::groups), ADMIN);
        routes.patch(
                OF + "/access", ctx -> change(ctx, PermissionFields::groups, ContactPermissionRoutes::groups), ADMIN);
        routes.post("/api/v1/contacts/with-permissions", this::create, ADMIN);
    }

    private void show(Context ctx, Function<Permissions, JsonNode> json) {
        Answer.ok(ctx, json.apply(found(ctx, access.named(ctx))));
    }

    private void change(Context ctx, Function<Body, PermissionChange> read, Function<Permissions, JsonNode> json) {
        Params.only(ctx);
        Identity identity = access.named(ctx);
        PermissionChange change = read.apply(Body.of(ctx));
        permissions
                .change(Access.caller(ctx), identity, ContactRoutes.id(ctx), change)
                .ifPresent(ContactRoutes::stored);
        Answer.ok(ctx, json.apply(found(ctx, identity)));
    }

    private void create(Context ctx) {
        Params.only(ctx);
        Body body = Body.of(ctx).only(ContactFields.names("permissions"));
        Card card = Card.EMPTY.with(ContactFields.read(body));
        JsonNode wish = body.json().path("permissions");
        if (!wish.isObject()) {
            throw ValidationError.body("permissions", "must be an object that names identity_id");
        }
        Body placed = Body.placed(WISH, wish);
        PermissionChange change = PermissionFields.inside(placed, WISH);
        Caller caller = Access.caller(ctx);
        Identity identity = access.found(ctx, Body.required(WISH + "identity_id", placed.id(WISH + "identity_id")));
        Contact made = ContactRoutes.stored(permissions.create(caller, card, identity, change));
        Answer.created(ctx, ContactJson.of(made, caller));
    }

    private Permissions found(Context ctx, Identity identity) {
        return permissions
                .find(Access.caller(ctx), identity, ContactRoutes.id(ctx))
                .orElseThrow(ApiError.CONTACT_NOT_FOUND::asException);
    }

    private static ObjectNode maps(Permissions permissions) {
        ObjectNode json = Json.object();
        for (Kind kind : Kind.values()) {
            String plural = kind.wire() + "s";
            ObjectNode both = json.putObject(plural);
            ObjectNode inbound = json.putObject("inbound_" + plural);
            ObjectNode outbound = json.putObject("outbound_" + plural);
            permissions.of(kind).forEach((address, sides) -> {
                both.put(address.text(), sides.outbound());
                inbound.put(address.text(), sides.inbound());
                outbound.put(address.text(), sides.outbound());
            });
        }
        return json.put("profile", permissions.profile()).put("memories", permissions.memories());
    }

    private static ObjectNode groups(Permissions permissions) {
        ObjectNode json = Json.object();
        for (Kind kind : Kind.values()) {
            ObjectNode group = json.putObject(kind.wire()).put("visible", permissions.profile());
            ArrayNode both = group.putArray("contactable");
            ArrayNode inbound = group.putArray("inbound_contactable");
            ArrayNode outbound = group.putArray("outbound_contactable");
            permissions.of(kind).forEach((address, sides) -> {
                if (sides.inbound()) {
                    inbound.add(address.text());
                }
                if (sides.outbound()) {
                    both.add(address.text());
                    outbound.add(address.text());
                }
            });
        }
        return json.put("profile", permissions.profile()).put("memories", permissions.memories());
    }
}
