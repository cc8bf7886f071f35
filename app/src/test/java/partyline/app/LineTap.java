package partyline.app;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import partyline.transport.Driver;
import partyline.transport.InboundEvent;
import partyline.transport.InboundEvent.TextReceived;

/// Sits between a driver and the server: knows the texts that it brought and what it was asked for, and brings more in
/// its name. It gives
/// out `mac:` files itself, as drivers do that have the bytes, and fails as often as it was told to before.
public final class LineTap {

    /// What comes before a call of `target`; an answer spares the call.
    private interface Before {

        Optional<Object> call(Method method, Object[] arguments) throws IOException;
    }

    private final Map<String, TextReceived> heard = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile Optional<Driver.Inbound> server = Optional.empty();

    public Driver around(Driver driver) {
        return with(Driver.class, driver, (method, arguments) -> {
            calls.add(method.getName() + " " + Arrays.toString(arguments));
            if (method.getName().equals("start")) {
                server = Optional.of((Driver.Inbound) arguments[0]);
                arguments[0] = with(Driver.Inbound.class, server.get(), this::note);
            }
            boolean ours = method.getName().equals("download") && ((String) arguments[1]).startsWith("mac:");
            return ours ? Optional.of(file()) : Optional.empty();
        });
    }

    /// The calls of this name that the server made and that name `person`, with what they were given.
    List<String> calls(String name, String person) {
        return calls.stream()
                .filter(call -> call.startsWith(name + " ") && call.contains(person))
                .toList();
    }

    /// The next downloads fail.
    void failDownloads(int times) {
        failures.set(times);
    }

    /// The text that the service calls by this name.
    public TextReceived text(String providerId) {
        return Api.waitFor(() -> Optional.ofNullable(heard.get(providerId)), Optional::isPresent)
                .orElseThrow();
    }

    /// Returns when the server has dealt with it.
    public void bring(InboundEvent event) {
        server.orElseThrow().accept(event);
    }

    private Driver.Download file() throws IOException {
        if (failures.getAndDecrement() > 0) {
            throw new IOException("500 Attachment does not exist in disk!");
        }
        return new Driver.Download.Bytes(new ByteArrayInputStream(new byte[10]), "image/png", null);
    }

    private Optional<Object> note(Method method, Object[] arguments) {
        if (method.getName().equals("accept") && arguments[0] instanceof TextReceived text) {
            heard.put(text.providerId(), text);
        }
        return Optional.empty();
    }

    private static <T> T with(Class<T> type, T target, Before before) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (_, method, arguments) -> {
                    Optional<Object> answer = arguments == null ? Optional.empty() : before.call(method, arguments);
                    try {
                        return answer.isPresent() ? answer.get() : method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
