package org.example;

import java.io.Serializable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.OffsetTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.chrono.JapaneseDate;
import java.util.ArrayList;
import java.util.Calendar;
import java.util.Date;
import java.util.GregorianCalendar;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Reads what no seed decides: a line that does so ends in what is read. */
public final class Reads {

    public static void main(String[] args) throws Exception {
        List<Object> read = new ArrayList<>();
        read.add(Math.random()); // Math.random
        read.add(Stream.generate(Math::random).limit(1).toList()); // Math.random
        read.add(ThreadLocalRandom.current().nextInt()); // ThreadLocalRandom.current
        read.add(UUID.randomUUID()); // UUID.randomUUID
        read.add(new SecureRandom().nextInt()); // new SecureRandom
        read.add(RandomGenerator.of("L64X128MixRandom").nextInt()); // RandomGenerator.of
        read.add(System.nanoTime()); // System.nanoTime
        read.add(System.currentTimeMillis()); // System.currentTimeMillis
        read.add(Instant.now()); // Instant.now
        read.add(LocalDate.now(ZoneOffset.UTC)); // LocalDate.now
        read.add(OffsetTime.now()); // OffsetTime.now
        read.add(Year.now()); // Year.now
        read.add(YearMonth.now()); // YearMonth.now
        read.add(JapaneseDate.now()); // JapaneseDate.now
        read.add(Clock.systemUTC().millis()); // Clock.systemUTC
        read.add(Clock.systemDefaultZone().millis()); // Clock.systemDefaultZone
        read.add(Clock.system(ZoneId.of("UTC")).millis()); // Clock.system
        read.add(Clock.tickSeconds(ZoneOffset.UTC).millis()); // Clock.tickSeconds
        read.add(InstantSource.system().millis()); // InstantSource.system
        read.add(Calendar.getInstance()); // Calendar.getInstance
        read.add(new GregorianCalendar()); // new GregorianCalendar
        read.add(new Date()); // new Date
        Supplier<Random> kept = (Supplier<Random> & Serializable) Random::new; // new Random
        read.add(kept);
        Clock still = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
        read.add(Instant.now(still));
        read.add(Year.now(still));
        read.add(Clock.tick(still, Duration.ofSeconds(1)));
        read.add(new GregorianCalendar(2026, 1, 1));
        read.add(new Date(0));
        read.add(new Random());
        read.add(new Random(1));
        System.out.println(read);
    }

    private Reads() {}
}
