package example.booking;

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import jakarta.annotation.PostConstruct;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.bind.annotation.*;
import org.springframework.web.client.RestTemplate;
//@imports

@RestController
@RequestMapping("/bookings")
public class BookingController {
    private static final Logger log = LoggerFactory.getLogger(BookingController.class);
    //@constants

    private final JdbcTemplate database;
    private final PasswordEncoder encoder;
    private final RestTemplate rest;

    @Value("${booking.jwt.secret}")
    private String jwtSecret;

    @Value("${booking.webhook.secret}")
    private String webhookSecret;

    @Value("${booking.partner.url}")
    private String partnerUrl;

    public BookingController(JdbcTemplate database, PasswordEncoder encoder, RestTemplate rest) {
        this.database = database;
        this.encoder = encoder;
        this.rest = rest;
    }

    public record Booking(long id, String guest, String room, int nights) {}

    public record Payment(String cardNumber, String holder, int amount) {}

    @PostConstruct
    public void start() {
        log.info("booking service is up");
        //@start
    }

    @GetMapping
    public List<Booking> list(HttpServletRequest request) {
        String guest = requireGuest(request);
        List<Booking> bookings = database.query(
                "SELECT id, guest, room, nights FROM bookings WHERE guest = ?",
                (row, i) -> new Booking(row.getLong(1), row.getString(2), row.getString(3), row.getInt(4)),
                guest);
        //@list
        return bookings;
    }

    @PreAuthorize("hasRole('MANAGER')")
    @DeleteMapping("/{id}")
    public ResponseEntity<Void> cancel(@PathVariable long id) {
        database.update("DELETE FROM bookings WHERE id = ?", id);
        log.info("booking {} cancelled", id);
        return ResponseEntity.noContent().build();
    }

    @PostMapping("/login")
    public ResponseEntity<Map<String, String>> login(@RequestParam String name, @RequestParam String password) {
        String hash = database.queryForObject("SELECT password FROM guests WHERE name = ?", String.class, name);
        //@login
        if (!encoder.matches(password, hash)) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        String token = JWT.create().withSubject(name).sign(Algorithm.HMAC256(jwtSecret));
        //@logged_in
        return ResponseEntity.ok(Map.of("token", token));
    }

    @PostMapping("/{id}/pay")
    public ResponseEntity<String> pay(@PathVariable long id, @RequestBody Payment payment) {
        String receipt = rest.postForObject(partnerUrl + "/charges", payment, String.class);
        //@paid
        log.info("booking {} paid", id);
        return ResponseEntity.ok(receipt);
    }

    @PostMapping("/webhook")
    public ResponseEntity<Void> webhook(@RequestBody String body, @RequestHeader("X-Signature") String signature) {
        if (!verifySignature(body, signature)) {
            return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
        }
        database.update("INSERT INTO events (body) VALUES (?)", body);
        return ResponseEntity.accepted().build();
    }

    private String requireGuest(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        //@require_guest
        if (header == null || !header.startsWith("Bearer ")) {
            throw new SecurityException("not signed in");
        }
        DecodedJWT token = JWT.require(Algorithm.HMAC256(jwtSecret)).build().verify(header.substring(7));
        return token.getSubject();
    }

    private boolean verifySignature(String body, String signature) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(webhookSecret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] expected = mac.doFinal(body.getBytes(StandardCharsets.UTF_8));
            return MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature));
        } catch (Exception failure) {
            log.warn("signature could not be checked", failure);
            return false;
        }
    }

    static String newVoucher() {
        byte[] raw = new byte[16];
        new SecureRandom().nextBytes(raw);
        return HexFormat.of().formatHex(raw);
    }

    //@functions
}
