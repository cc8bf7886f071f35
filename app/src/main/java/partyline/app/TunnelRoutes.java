package partyline.app;

import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.util.List;

/// Refuses tunnels, which this server does not have, in a sentence that plugins show to who starts them: an
/// empty list, or an unknown tunnel, would send that person elsewhere.
final class TunnelRoutes {

    private static final String ALL = "/api/v1/tunnels";
    private static final Handler REFUSE = _ -> {
        throw ApiError.TUNNELS_NOT_OFFERED.asException();
    };

    void register(RoutesConfig routes) {
        for (String path : List.of(ALL, ALL + "/{tunnel}", ALL + "/{tunnel}/{action}")) {
            routes.get(path, REFUSE, KEY);
            routes.post(path, REFUSE, KEY);
            routes.put(path, REFUSE, KEY);
            routes.patch(path, REFUSE, KEY);
            routes.delete(path, REFUSE, KEY);
        }
    }
}
