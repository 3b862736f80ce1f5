package io.logfold.query.cache;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.SocketOptions;
import io.logfold.api.errorlog.ErrorLogPage;
import io.logfold.api.routes.RouteReport;
import io.logfold.api.stats.StatsReport;
import io.logfold.query.fold.Generations;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.data.redis.autoconfigure.LettuceClientConfigurationBuilderCustomizer;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.interceptor.KeyGenerator;
import org.springframework.cache.support.SimpleCacheManager;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.serializer.JacksonJsonRedisSerializer;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where answers are kept: {@code logfold.cache.store=redis} for several query sides together,
 * {@code caffeine} in this process. Caching is the outermost layer, so that a kept answer needs no
 * database.
 */
@Configuration(proxyBeanMethods = false)
@EnableCaching(order = 0)
class CacheConfiguration {

  private static final Map<String, Class<?>> ANSWERS =
      Map.of(
          "stats", StatsReport.class,
          "routes", RouteReport.class,
          "error-log", ErrorLogPage.class);

  private static final long MAX_ANSWERS = 1_000;

  @Bean
  KeyGenerator answerKeys(Generations generations) {
    return (target, method, parameters) ->
        new AnswerKey(
            generations.live(
                Objects.requireNonNull(method.getAnnotation(Cacheable.class)).cacheNames()[0]),
            Objects.requireNonNull(parameters[0]));
  }

  @Bean
  @ConditionalOnProperty(name = "logfold.cache.store", havingValue = "redis", matchIfMissing = true)
  CacheManager redisAnswers(
      RedisConnectionFactory redis, CacheTimes times, JsonMapper json, MeterRegistry metrics) {
    RedisCacheManager.RedisCacheManagerBuilder builder = RedisCacheManager.builder(redis);
    ANSWERS.forEach(
        (name, type) -> builder.withCacheConfiguration(name, redisCache(type, times, json)));
    RedisCacheManager stores = builder.build();
    stores.initializeCaches();
    List<Cache> caches = new ArrayList<>();
    ANSWERS.keySet().forEach(name -> caches.add(forgiving(stores.getCache(name), times, metrics)));
    return managerOf(caches);
  }

  @Bean
  @ConditionalOnProperty(name = "logfold.cache.store", havingValue = "caffeine")
  CacheManager caffeineAnswers(CacheTimes times, MeterRegistry metrics) {
    List<Cache> caches = new ArrayList<>();
    for (String name : ANSWERS.keySet()) {
      Expiry<Object, Object> expiry = Expiry.writing((key, value) -> times.of(query(key)));
      caches.add(
          forgiving(
              new CaffeineCache(
                  name, Caffeine.newBuilder().maximumSize(MAX_ANSWERS).expireAfter(expiry).build()),
              times,
              metrics));
    }
    return managerOf(caches);
  }

  /** Another start may have other settings, under which the kept answers are wrong. */
  @Bean
  ApplicationListener<ApplicationReadyEvent> forgetsAnswersOfEarlierSettings(CacheManager caches) {
    return ready ->
        caches
            .getCacheNames()
            .forEach(name -> Objects.requireNonNull(caches.getCache(name)).clear());
  }

  /** While Redis is away a command fails at once instead of waiting in a queue for its return. */
  @Bean
  LettuceClientConfigurationBuilderCustomizer failAtOnceWhileDisconnected() {
    return client ->
        client.clientOptions(
            ClientOptions.builder()
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(
                    SocketOptions.builder().connectTimeout(Duration.ofMillis(250)).build())
                .build());
  }

  private static RedisCacheConfiguration redisCache(
      Class<?> type, CacheTimes times, JsonMapper json) {
    RedisCacheConfiguration cache =
        RedisCacheConfiguration.defaultCacheConfig()
            .prefixCacheNameWith("logfold:")
            .entryTtl((key, value) -> times.of(query(key)))
            .disableCachingNullValues()
            .serializeValuesWith(
                SerializationPair.fromSerializer(new JacksonJsonRedisSerializer<>(json, type)));
    cache.configureKeyConverters(
        keys -> keys.addConverter(AnswerKey.class, String.class, json::writeValueAsString));
    return cache;
  }

  private static AnswerCache forgiving(
      @Nullable Cache store, CacheTimes times, MeterRegistry metrics) {
    Cache known = Objects.requireNonNull(store);
    return new AnswerCache(
        known,
        metrics.counter("logfold.cache.failures", "cache", known.getName()),
        System::nanoTime,
        times.redisRetry().toNanos());
  }

  private static Object query(Object key) {
    return key instanceof AnswerKey answer ? answer.query() : key;
  }

  private static CacheManager managerOf(List<Cache> caches) {
    SimpleCacheManager manager = new SimpleCacheManager();
    manager.setCaches(caches);
    return manager;
  }
}
