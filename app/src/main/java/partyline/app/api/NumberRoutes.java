package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.Body;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.DedicatedNumbers.Number;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage/numbers`: the numbers that agents have for themselves. The configuration gives them;
/// over the API they are only told.
public final class NumberRoutes {

    private static final String NUMBERS = "/api/v1/imessage/numbers";
    /// The wire knows no other type any more.
    private static final String TYPE = "dedicated_outbound";
    private static final Set<String> TOLD_TYPES = Set.of("dedicated_inbound", TYPE);

    private final DedicatedNumbers numbers;

    public NumberRoutes(DedicatedNumbers numbers) {
        this.numbers = numbers;
    }

    public void register(RoutesConfig routes) {
        routes.get(NUMBERS, this::list, ADMIN);
        routes.post(NUMBERS, NumberRoutes::refuse, ADMIN);
    }

    /// Older clients name a type, newer ones send an empty object.
    private static void refuse(Context ctx) {
        Body.of(ctx).only("type").oneOf("type", TOLD_TYPES);
        throw ResourceKeys.noNumber();
    }

    private void list(Context ctx) {
        Answer.list(ctx, numbers.list(Access.caller(ctx).organization()), NumberRoutes::json);
    }

    private static ObjectNode json(Number number) {
        return brief(number)
                .put("status", "active")
                .put(
                        "agent_identity_id",
                        number.agent().map(it -> it.id().text()).orElse(null))
                .put(
                        "agent_handle",
                        number.agent().map(it -> it.handle().text()).orElse(null));
    }

    /// As it stands in the identity that has it.
    static ObjectNode brief(Number number) {
        return Json.object()
                .put("id", number.id().text())
                .put("number", number.number().text())
                .put("type", TYPE);
    }
}
