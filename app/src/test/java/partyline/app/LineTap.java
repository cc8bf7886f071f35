package partyline.app;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import partyline.transport.Driver;
import partyline.transport.InboundEvent;
import partyline.transport.InboundEvent.TextReceived;

/// Sits between a driver and the server: knows the texts that it brought, and brings more in its name.
final class LineTap {

    private final Map<String, TextReceived> heard = new ConcurrentHashMap<>();
    private volatile Optional<Driver.Inbound> server = Optional.empty();

    Driver around(Driver driver) {
        return with(Driver.class, driver, (method, arguments) -> {
            if (method.getName().equals("start")) {
                server = Optional.of((Driver.Inbound) arguments[0]);
                arguments[0] = with(Driver.Inbound.class, server.get(), this::note);
            }
        });
    }

    /// The text that the service calls by this name.
    TextReceived text(String providerId) {
        return Api.waitFor(() -> Optional.ofNullable(heard.get(providerId)), Optional::isPresent)
                .orElseThrow();
    }

    /// Returns when the server has dealt with it.
    void bring(InboundEvent event) {
        server.orElseThrow().accept(event);
    }

    private void note(Method method, Object[] arguments) {
        if (method.getName().equals("accept") && arguments[0] instanceof TextReceived text) {
            heard.put(text.providerId(), text);
        }
    }

    private static <T> T with(Class<T> type, T target, BiConsumer<Method, Object[]> before) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    if (arguments != null) {
                        before.accept(method, arguments);
                    }
                    try {
                        return method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
