package partyline.app;

/// What a person sees when the server has started.
final class Banner {

    private Banner() {}

    static String of(Wiring wiring, boolean demo) {
        String base = wiring.baseUrl();
        StringBuilder text = new StringBuilder();
        text.append("\nPartyline ").append(Main.version());
        text.append("\n  data   ").append(wiring.dataFolder());
        text.append("\n  API    ").append(base);
        if (!wiring.config().lines().simulated().isEmpty()) {
            text.append("\n  phone  ").append(base).append("/phone   (a simulated phone; it asks for the admin key)");
        }
        wiring.newAdminKey()
                .ifPresent(key -> text.append("\n  key    ")
                        .append(key)
                        .append("\n\nThis admin key is shown once: keep it. Send it as X-API-Key."));
        if (demo) {
            wiring.router()
                    .ifPresent(router -> text.append("\n\nDemo: open the phone page, text \"connect @echo\" to ")
                            .append(router)
                            .append(", and talk with the echo agent."));
        }
        return text.append('\n').toString();
    }
}
