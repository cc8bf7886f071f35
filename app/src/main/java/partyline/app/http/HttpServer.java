package partyline.app.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.event.HandlerMetaInfo;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.plugin.bundled.CorsPluginConfig;
import io.javalin.router.Endpoint;
import io.javalin.security.RouteRole;
import io.javalin.util.JavalinBindException;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.Config;
import partyline.kernel.Overloaded;
import partyline.kernel.StartupFailure;
import partyline.kernel.StorageFull;

/// Javalin as this program uses it: JSON in and out, one place that decides about every exception, limits on what
/// comes in.
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Logger ACCESS = LoggerFactory.getLogger("partyline.app.http.access");
    private static final List<String> READ_BY_PAGES = List.of(
            "Link",
            "Retry-After",
            "Idempotent-Replayed",
            "X-RateLimit-Limit",
            "X-RateLimit-Remaining",
            "X-RateLimit-Reset");
    private static final int PREFLIGHT_SECONDS = 600;
    private static final long STOP_MILLIS = 3_000;
    private static final long IDLE_MILLIS = 30_000;

    private final Config.Http config;
    private final ProxySettings proxies;
    private final Access access;
    private final List<Consumer<RoutesConfig>> routes;
    private static final String NO_PATH =
            "There is no such path here: those of the API begin with /api/v1, and /openapi.json lists them all.";

    private final Runnable stopping;
    private final List<HandlerMetaInfo> added = new ArrayList<>();
    private final Bodies bodies = Bodies.ofHeap();
    private volatile Runnable stop = () -> {};
    private volatile int port;

    /// A method and path that this server answers.
    public record Route(String method, String path) {

        private Route(HandlerMetaInfo info) {
            this(info.getHttpMethod().toString(), info.getPath());
        }
    }

    /// `stopping` runs when the server begins to stop: it closes the streams, which would hold it up.
    public HttpServer(Config.Http config, Access access, List<Consumer<RoutesConfig>> routes, Runnable stopping) {
        this.config = config;
        this.proxies = ProxySettings.of(config);
        this.access = access;
        this.routes = List.copyOf(routes);
        this.stopping = stopping;
        this.port = config.port();
    }

    /// Without what stands for something in the path, without key and body.
    private void log(Context ctx, float millis) {
        ACCESS.info(
                "event=request method={} route={} status={} ms={} client={}",
                ctx.method(),
                Optional.ofNullable(ctx.endpoints().matchedHttpEndpoint())
                        .map(it -> it.path)
                        .orElse("none"),
                ctx.statusCode(),
                Math.round(millis),
                proxies.client(ctx).getHostAddress());
    }

    /// Begins to listen.
    ///
    /// @throws StartupFailure when the port is taken or may not be used, or a file of TLS is wrong.
    public void start() {
        Optional<Tls> tls = config.tls().isOn() ? Optional.of(new Tls(config.tls())) : Optional.empty();
        Javalin javalin = Javalin.create(made -> {
            configure(made);
            if (tls.isPresent()) {
                listen(made, tls.get());
            }
            register(made.routes);
        });
        Runnable end = () -> {
            javalin.stop();
            if (tls.isPresent()) {
                tls.get().close();
            }
        };
        stop = end;
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            throw new StartupFailure(
                    "Cannot listen on %s port %d (%s): stop the program that has it, or choose another with --port or http.port."
                            .formatted(config.host(), config.port(), rootOf(e).getMessage()),
                    e);
        }
        HeaderTimeout watch = new HeaderTimeout(
                tls.isEmpty() ? EndPoint::getConnection : Tls::requests,
                javalin.jettyServer().server().getConnectors());
        watch.start();
        stop = () -> {
            watch.close();
            end.run();
        };
        port = javalin.port();
    }

    /// Every route, as registered.
    public List<Route> routes() {
        return added.stream().map(Route::new).toList();
    }

    /// The port that it listens on; before it does, the configured one, which is 0 for any.
    public int port() {
        return port;
    }

    @Override
    public void close() {
        stop.run();
    }

    private void listen(JavalinConfig javalin, Tls tls) {
        javalin.jetty.addConnector((server, http) -> tls.listen(server, http, config.host(), config.port()));
    }

    private void register(RoutesConfig javalin) {
        javalin.beforeMatched(access::check);
        javalin.before(ResponseHeaders::protect);
        if (!config.corsOrigins().isEmpty()) {
            // Also to who may not read it: what a browser keeps of that answer is not for who may.
            javalin.before(ctx -> ctx.header("Vary", "Origin"));
        }
        javalin.before(new OwnHosts(config)::check);
        javalin.before(bodies::serve);
        exceptions(javalin);
        routes.forEach(part -> part.accept(javalin));
        answerHeads(javalin);
    }

    private void configure(JavalinConfig javalin) {
        javalin.events.serverStopping(stopping::run);
        javalin.events.handlerAdded(added::add);
        if (!config.corsOrigins().isEmpty()) {
            javalin.bundledPlugins.enableCors(cors -> cors.addRule(this::allow));
        }
        if (config.accessLog()) {
            javalin.requestLogger.http(this::log);
        }
        javalin.startup.showJavalinBanner = false;
        javalin.startup.showOldJavalinVersionWarning = false;
        javalin.startup.startupWatcherEnabled = false;
        javalin.concurrency.useVirtualThreads = true;
        javalin.http.maxRequestSize = Bodies.LARGEST;
        javalin.router.handlerWrapper(HttpServer::withErrors);
        javalin.http.prefer405over404 = true;
        javalin.http.compressionStrategy = CompressionStrategy.GZIP;
        javalin.jetty.host = config.host();
        javalin.jetty.port = config.port();
        javalin.jetty.modifyServer(server -> {
            server.setStopTimeout(STOP_MILLIS);
            server.setErrorHandler(new JsonErrors());
            // In place of Javalin's statistics, which nobody reads.
            server.setHandler(new SlowBodies());
        });
        javalin.jetty.modifyServletContextHandler(context -> context.setSessionHandler(new NoSessions()));
        javalin.jetty.modifyHttpConfiguration(http -> {
            http.setSendServerVersion(false);
            http.setIdleTimeout(IDLE_MILLIS);
        });
    }

    /// Pages of these origins may call, and read what answers say beside their bodies.
    private void allow(CorsPluginConfig.CorsRule rule) {
        config.corsOrigins().forEach(origin -> rule.allowHost(origin));
        READ_BY_PAGES.forEach(rule::exposeHeader);
        rule.maxAge = PREFLIGHT_SECONDS;
    }

    /// HEAD is GET without the body: left to the framework, it would say 200 to everything and ask nobody for a key.
    private void answerHeads(RoutesConfig routes) {
        Set<String> own = added.stream()
                .filter(it -> it.getHttpMethod().equals(HandlerType.HEAD))
                .map(HandlerMetaInfo::getPath)
                .collect(Collectors.toSet());
        for (HandlerMetaInfo it : List.copyOf(added)) {
            if (it.getHttpMethod().equals(HandlerType.GET) && !own.contains(it.getPath())) {
                routes.head(it.getPath(), it.getHandler(), it.getRoles().toArray(RouteRole[]::new));
            }
        }
    }

    private void exceptions(RoutesConfig routes) {
        routes.exception(ApiException.class, (e, ctx) -> send(ctx, e));
        routes.exception(HttpResponseException.class, (e, ctx) -> {
            if (e.getStatus() == 405) {
                List<String> methods = List.copyOf(e.getDetails().values());
                ctx.header("Allow", String.join(", ", methods));
                send(ctx, notAllowed(ctx, methods));
            } else {
                send(ctx, known(e.getStatus()));
            }
        });
        routes.exception(Overloaded.class, (_, ctx) -> send(ctx, ApiError.overloaded()));
        routes.exception(ServletException.class, (_, ctx) -> send(ctx, ApiError.TOO_LARGE.asException()));
        routes.exception(StorageFull.class, (_, ctx) -> send(ctx, ApiError.STORAGE_FULL.asException()));
        routes.exception(IOException.class, this::broken);
        routes.exception(UncheckedIOException.class, this::broken);
        routes.exception(Thrown.class, (e, ctx) -> internal(e.getCause(), ctx));
        routes.exception(Exception.class, this::internal);
    }

    private void broken(Exception e, Context ctx) {
        if (rootOf(e) instanceof TimeoutException) {
            send(ctx, ApiError.TOO_SLOW.asException());
        } else if (e instanceof EofException || e.getCause() instanceof EofException) {
            LOG.debug("event=client_gone path={}", ctx.endpoint().path);
        } else {
            internal(e, ctx);
        }
    }

    /// What is no exception (out of memory, a class that is gone) would pass by those that are mapped. It is
    /// answered in the same shape; whether the process goes on after it is up to the flags that the program was
    /// started with.
    private static Handler withErrors(Endpoint endpoint) {
        return ctx -> {
            try {
                endpoint.handler.handle(ctx);
            } catch (Error e) {
                throw new Thrown(e);
            }
        };
    }

    /// Passes requests on: nobody has a session here, for which Jetty would look through each one's cookies.
    private static final class NoSessions extends SessionHandler {

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            org.eclipse.jetty.server.Handler next = getHandler();
            return next != null && next.handle(request, response, callback);
        }
    }

    /// An `Error` on its way to the one place that answers.
    private static final class Thrown extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private Thrown(Error error) {
            super(error);
        }
    }

    private void internal(@Nullable Throwable e, Context ctx) {
        String id = UUID.randomUUID().toString();
        LOG.error(
                "event=request_failed id={} method={} path={} client={}"
                        + " fix=\"report this, it is a bug; the client was told this id\"",
                id,
                ctx.method(),
                ctx.endpoint().path,
                proxies.client(ctx).getHostAddress(),
                e);
        send(ctx, ApiError.INTERNAL.with("request_id", id));
    }

    private static void send(Context ctx, ApiException e) {
        e.retryAfter().ifPresent(seconds -> ctx.header("Retry-After", String.valueOf(seconds)));
        Answer.send(ctx, e.status(), e.body());
    }

    private static ApiException known(int status) {
        return switch (status) {
            case 404 -> ApiError.NOT_FOUND.asException(NO_PATH, Map.of());
            case 413 -> ApiError.TOO_LARGE.asException();
            default -> JsonErrors.refused(status);
        };
    }

    private static ApiException notAllowed(Context ctx, List<String> methods) {
        return ApiError.METHOD_NOT_ALLOWED.asException(
                "This path does not take %s: use %s.".formatted(ctx.method(), String.join(" or ", methods)), Map.of());
    }

    private static Throwable rootOf(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
