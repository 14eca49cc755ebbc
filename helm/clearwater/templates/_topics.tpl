{{/* Of a pipeline: every topic that records go to, dead letters last. JSON list. */}}
{{- define "clearwater.destinations" -}}
{{- $found := list .publish.topic -}}
{{- range .steps }}{{ if eq .step "route" }}{{ $found = append $found .to }}{{ end }}{{ end -}}
{{- append $found .dead_letter.topic | uniq | toJson -}}
{{- end -}}

{{/* Of a pipeline: every topic that records wait in. JSON list. */}}
{{- define "clearwater.waiting" -}}
{{- $found := list -}}
{{- $source := .source.topic -}}
{{- range .steps }}
{{- $waits := or (eq .step "delay") (and (eq .step "throttle") (eq (toString .excess) "delay")) }}
{{- if $waits }}{{ $found = append $found (.topic | default (printf "%s.%s.%s" $source .step .id)) }}{{ end }}
{{- end -}}
{{- $found | toJson -}}
{{- end -}}

{{/* A topic's name as that of an object: what Kubernetes refuses becomes a hash behind it. */}}
{{- define "clearwater.topicObject" -}}
{{- if regexMatch "^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$" . -}}
{{- . -}}
{{- else -}}
{{- printf "%s-%s" (regexReplaceAll "[^a-z0-9.-]" (lower .) "-" | trunc 200 | trimAll "-.") (sha256sum . | trunc 8) -}}
{{- end -}}
{{- end -}}
