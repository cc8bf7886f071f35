package partyline.app;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.http.Tls;
import partyline.kernel.PeriodicTask;

/// systemd, where it waits to hear from this process (`Type=notify`): that the server is ready, that it lives, that it
/// stops. It lives when `/healthz` answers; with `WatchdogSec=` it is asked twice in that time, and systemd kills and
/// starts what has been silent for so long.
///
/// systemd listens on a datagram socket of Unix, which the JDK does not have. So the C library is called: without a
/// helper program, nobody but the server itself need be allowed to speak (`NotifyAccess=main`). Thread-safe.
final class ServiceManager implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);
    private static final int AF_UNIX = 1;
    private static final int SOCK_DGRAM = 2;
    private static final int MSG_NOSIGNAL = 0x4000;
    /// Of `sockaddr_un`.
    private static final int LONGEST_PATH = 108;

    private final String socket;
    private final Optional<PeriodicTask> watchdog;

    private ServiceManager(String socket, Optional<Duration> silence, InetSocketAddress server, boolean encrypted) {
        this.socket = socket;
        this.watchdog = silence.map(it -> new PeriodicTask(
                "watchdog", Duration.ZERO, it.dividedBy(2), () -> look(server, encrypted, it.dividedBy(2))));
    }

    /// The one that `environment` tells of, if it does; `server` is where the server listens, `encrypted` whether for
    /// TLS.
    static Optional<ServiceManager> of(Map<String, String> environment, InetSocketAddress server, boolean encrypted) {
        Optional<Duration> silence = Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                .map(it -> Duration.ofNanos(Long.parseLong(it) * 1000));
        return Optional.ofNullable(environment.get("NOTIFY_SOCKET"))
                .filter(it -> !it.isBlank())
                .map(it -> new ServiceManager(it, silence, server, encrypted));
    }

    /// The server answers. From now on the watchdog is fed.
    void ready() {
        send("READY=1");
        watchdog.ifPresent(PeriodicTask::start);
    }

    /// The server is about to stop.
    @Override
    public void close() {
        send("STOPPING=1");
        watchdog.ifPresent(PeriodicTask::close);
    }

    private void look(InetSocketAddress server, boolean encrypted, Duration patience) {
        int millis = Math.toIntExact(patience.toMillis());
        try (Socket connection = encrypted ? Tls.ofOurselves().createSocket() : new Socket()) {
            connection.connect(server, millis);
            connection.setSoTimeout(millis);
            String request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n";
            connection
                    .getOutputStream()
                    .write(request.formatted(server.getPort()).getBytes(StandardCharsets.US_ASCII));
            InputStream in = connection.getInputStream();
            String answer = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            if (answer.endsWith(" 200")) {
                send("WATCHDOG=1");
            } else {
                hungry("it answered " + answer);
            }
        } catch (IOException e) {
            hungry(e.toString());
        }
    }

    private static void hungry(String cause) {
        LOG.warn(
                "event=watchdog_hungry cause=\"{}\""
                        + " fix=\"jcmd PID Thread.print tells what it waits for; systemd will start it anew\"",
                cause);
    }

    private void send(String state) {
        try {
            byte[] path = socket.getBytes(StandardCharsets.UTF_8);
            if (path.length >= LONGEST_PATH || sent(state.getBytes(StandardCharsets.UTF_8), path) < 0) {
                LOG.warn(
                        "event=service_manager_deaf socket={} state={}"
                                + " fix=\"start it by its unit, or without NOTIFY_SOCKET\"",
                        socket,
                        state);
            }
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static long sent(byte[] state, byte[] path) throws Throwable {
        ValueLayout.OfInt number = ValueLayout.JAVA_INT;
        ValueLayout.OfLong size = ValueLayout.JAVA_LONG;
        MethodHandle open = function("socket", FunctionDescriptor.of(number, number, number, number));
        MethodHandle sendTo = function(
                "sendto",
                FunctionDescriptor.of(size, number, ValueLayout.ADDRESS, size, number, ValueLayout.ADDRESS, number));
        MethodHandle close = function("close", FunctionDescriptor.of(number, number));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment address = arena.allocate(Short.BYTES + LONGEST_PATH);
            address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_UNIX);
            MemorySegment.copy(path, 0, address, ValueLayout.JAVA_BYTE, Short.BYTES, path.length);
            if (path[0] == '@') {
                // A name in no file system begins with a zero.
                address.set(ValueLayout.JAVA_BYTE, Short.BYTES, (byte) 0);
            }
            MemorySegment message = arena.allocateFrom(ValueLayout.JAVA_BYTE, state);
            int socket = (int) open.invokeExact(AF_UNIX, SOCK_DGRAM, 0);
            try {
                return (long) sendTo.invokeExact(
                        socket, message, (long) state.length, MSG_NOSIGNAL, address, Short.BYTES + path.length);
            } finally {
                int _ = (int) close.invokeExact(socket);
            }
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor types) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), types);
    }
}
