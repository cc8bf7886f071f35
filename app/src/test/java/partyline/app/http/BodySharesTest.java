package partyline.app.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.javalin.http.Context;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.identities.Caller;
import partyline.kernel.OrganizationId;
import partyline.kernel.Overloaded;

/// What one organization may hold of the room for bodies.
class BodySharesTest {

    private final Bodies bodies = new Bodies(400);

    @Test
    void an_organization_takes_a_quarter_of_the_room_and_leaves_the_rest_to_others() {
        Context whole = request("org_a", 100);

        int others = Bodies.read(whole, _ -> {
            assertThatThrownBy(() -> Bodies.read(request("org_a", 1), it -> it)).isInstanceOf(Overloaded.class);
            return Bodies.read(request("org_b", 100), it -> it.length);
        });

        assertThat(others).isEqualTo(100);
        assertThat(Bodies.<Integer>read(request("org_a", 100), it -> it.length))
                .as("a share is given back")
                .isEqualTo(100);
    }

    private Context request(String organization, int length) {
        Map<Object, Object> attributes = new HashMap<>();
        attributes.put("caller", new Caller(new OrganizationId(organization), Optional.empty(), false, "key"));
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (_, method, _) -> method.getName().equals("getInputStream") ? new Bytes(length) : (long) length);
        Context context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, arguments) -> {
                    if (method.getName().equals("req")) {
                        return request;
                    }
                    return arguments.length == 1
                            ? attributes.get(arguments[0])
                            : attributes.put(arguments[0], arguments[1]);
                });
        bodies.serve(context);
        return context;
    }

    private static final class Bytes extends ServletInputStream {

        private final InputStream bytes;

        private Bytes(int length) {
            this.bytes = new ByteArrayInputStream(new byte[length]);
        }

        @Override
        public boolean isFinished() {
            return false;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read() throws IOException {
            return bytes.read();
        }
    }
}
