{{/* What the process is told: environment, and the secrets it reads as files. */}}

{{- define "clearwater.secretsAt" -}}/etc/clearwater/secrets{{- end -}}
{{- define "clearwater.pipelinesAt" -}}/etc/clearwater/pipelines{{- end -}}
{{- define "clearwater.keysAt" -}}/etc/clearwater/keys{{- end -}}

{{/* Of $: settings that every container of ours gets, a list of EnvVar. Order: as they depend. */}}
{{- define "clearwater.connectionEnv" -}}
{{- $at := include "clearwater.secretsAt" . -}}
{{- $kafka := .Values.kafka -}}
- {name: CLEARWATER_BROKERS, value: {{ $kafka.bootstrapServers | quote }}}
- {name: CLEARWATER_SECURITY_PROTOCOL, value: {{ $kafka.securityProtocol }}}
{{- with $kafka.tls }}
{{- if .existingSecret }}
{{- with .caKey }}
- {name: CLEARWATER_SSL_CA, value: {{ $at }}/kafka-tls/{{ . }}}
{{- end }}
{{- with .certKey }}
- {name: CLEARWATER_SSL_CERT, value: {{ $at }}/kafka-tls/{{ . }}}
{{- end }}
{{- with .keyKey }}
- {name: CLEARWATER_SSL_KEY, value: {{ $at }}/kafka-tls/{{ . }}}
{{- end }}
{{- with .keyPasswordKey }}
- {name: CLEARWATER_SSL_KEY_PASSWORD_FILE, value: {{ $at }}/kafka-tls/{{ . }}}
{{- end }}
{{- end }}
{{- with .clientSecret }}
- {name: CLEARWATER_SSL_CERT, value: {{ $at }}/kafka-client/{{ $kafka.tls.clientCertKey }}}
- {name: CLEARWATER_SSL_KEY, value: {{ $at }}/kafka-client/{{ $kafka.tls.clientKeyKey }}}
{{- end }}
{{- end }}
{{- with $kafka.sasl }}
{{- if .mechanism }}
- {name: CLEARWATER_SASL_MECHANISM, value: {{ .mechanism }}}
{{- end }}
{{- if .username }}
- {name: CLEARWATER_SASL_USERNAME, value: {{ .username | quote }}}
{{- else if and .existingSecret .usernameKey }}
- name: CLEARWATER_SASL_USERNAME
  valueFrom: {secretKeyRef: {name: {{ .existingSecret }}, key: {{ .usernameKey }}}}
{{- end }}
{{- if .existingSecret }}
- {name: CLEARWATER_SASL_PASSWORD_FILE, value: {{ $at }}/kafka-sasl/{{ .passwordKey }}}
{{- end }}
{{- with .oauth }}
{{- with .tokenFile }}
- {name: CLEARWATER_SASL_OAUTH_TOKEN_FILE, value: {{ . | quote }}}
{{- end }}
{{- if .tokenEndpoint }}
- {name: CLEARWATER_SASL_OAUTH_TOKEN_ENDPOINT, value: {{ .tokenEndpoint | quote }}}
- {name: CLEARWATER_SASL_OAUTH_CLIENT_ID, value: {{ .clientId | quote }}}
- {name: CLEARWATER_SASL_OAUTH_CLIENT_SECRET_FILE, value: {{ $at }}/kafka-oauth/{{ .clientSecretKey }}}
{{- with .scope }}
- {name: CLEARWATER_SASL_OAUTH_SCOPE, value: {{ . | quote }}}
{{- end }}
{{- with .caKey }}
- {name: CLEARWATER_SASL_OAUTH_CA, value: {{ $at }}/kafka-oauth/{{ . }}}
{{- end }}
{{- end }}
{{- with .extensions }}
{{- $pairs := list }}
{{- range $name, $value := . }}{{ $pairs = append $pairs (printf "%s=%s" $name $value) }}{{ end }}
- {name: CLEARWATER_SASL_OAUTH_EXTENSIONS, value: {{ join "," $pairs | quote }}}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.schemaRegistry }}
{{- if .url }}
- {name: CLEARWATER_SCHEMA_REGISTRY, value: {{ .url | quote }}}
{{- if .existingSecret }}
- name: CLEARWATER_SCHEMA_REGISTRY_USER
  valueFrom: {secretKeyRef: {name: {{ .existingSecret }}, key: {{ .usernameKey }}}}
- {name: CLEARWATER_SCHEMA_REGISTRY_PASSWORD_FILE, value: {{ $at }}/registry/{{ .passwordKey }}}
{{- end }}
{{- if .tls.existingSecret }}
{{- with .tls.caKey }}
- {name: CLEARWATER_SCHEMA_REGISTRY_CA, value: {{ $at }}/registry-tls/{{ . }}}
{{- end }}
{{- with .tls.certKey }}
- {name: CLEARWATER_SCHEMA_REGISTRY_CERT, value: {{ $at }}/registry-tls/{{ . }}}
{{- end }}
{{- with .tls.keyKey }}
- {name: CLEARWATER_SCHEMA_REGISTRY_KEY, value: {{ $at }}/registry-tls/{{ . }}}
{{- end }}
{{- end }}
{{- end }}
{{- end }}
- {name: CLEARWATER_KEYS, value: {{ include "clearwater.keysAt" . }}}
{{- range $name, $value := .Values.settings }}
- {name: CLEARWATER_{{ upper $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end -}}

{{/* Of $: secrets that are mounted, by volume name. YAML map. */}}
{{- define "clearwater.secrets" -}}
{{- $found := dict -}}
{{- with .Values.kafka.tls.existingSecret }}{{ $_ := set $found "kafka-tls" . }}{{ end -}}
{{- with .Values.kafka.tls.clientSecret }}{{ $_ := set $found "kafka-client" . }}{{ end -}}
{{- with .Values.kafka.sasl.existingSecret }}{{ $_ := set $found "kafka-sasl" . }}{{ end -}}
{{- with .Values.kafka.sasl.oauth.existingSecret }}{{ $_ := set $found "kafka-oauth" . }}{{ end -}}
{{- with .Values.schemaRegistry.existingSecret }}{{ $_ := set $found "registry" . }}{{ end -}}
{{- with .Values.schemaRegistry.tls.existingSecret }}{{ $_ := set $found "registry-tls" . }}{{ end -}}
{{- toYaml $found -}}
{{- end -}}

{{/* Of (dict "context" $ "worker" WORKER "names" ...): volumes with declarations, keys and secrets. */}}
{{- define "clearwater.volumes" -}}
{{- $ := .context -}}
- name: pipelines
  projected:
    sources:
      {{- range .configMaps }}
      - configMap: {name: {{ . }}}
      {{- end }}
{{- if .tables }}
- name: tables
  projected:
    sources:
      {{- range .tables }}
      - configMap: {name: {{ . }}}
      {{- end }}
{{- end }}
- name: keys
  secret: {secretName: {{ $.Values.keys.existingSecret }}, defaultMode: 0440}
{{- range $name, $secret := include "clearwater.secrets" $ | fromYaml }}
- name: {{ $name }}
  secret: {secretName: {{ $secret }}, defaultMode: 0440}
{{- end }}
- name: tmp
  emptyDir: {sizeLimit: {{ $.Values.tmp.sizeLimit }}}
{{- end -}}

{{- define "clearwater.volumeMounts" -}}
{{- $ := .context -}}
- {name: pipelines, mountPath: {{ include "clearwater.pipelinesAt" $ }}, readOnly: true}
{{- if .tables }}
- {name: tables, mountPath: {{ include "clearwater.pipelinesAt" $ }}/tables, readOnly: true}
{{- end }}
- {name: keys, mountPath: {{ include "clearwater.keysAt" $ }}, readOnly: true}
{{- range $name, $secret := include "clearwater.secrets" $ | fromYaml }}
- {name: {{ $name }}, mountPath: {{ include "clearwater.secretsAt" $ }}/{{ $name }}, readOnly: true}
{{- end }}
- {name: tmp, mountPath: /tmp}
{{- end -}}
