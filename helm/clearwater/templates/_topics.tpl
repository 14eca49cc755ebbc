{{/* Of a pipeline: every topic that records go to, dead letters last. JSON list. */}}
{{- define "clearwater.destinations" -}}
{{- $found := list .publish.topic -}}
{{- range .steps }}{{ if eq .step "route" }}{{ $found = append $found .to }}{{ end }}{{ end -}}
{{- append $found .dead_letter.topic | uniq | toJson -}}
{{- end -}}

{{/* A topic's name as that of an object: what Kubernetes refuses becomes a hash behind it. */}}
{{- define "clearwater.topicObject" -}}
{{- if regexMatch "^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$" . -}}
{{- . -}}
{{- else -}}
{{- printf "%s-%s" (regexReplaceAll "[^a-z0-9.-]" (lower .) "-" | trunc 200 | trimAll "-.") (sha256sum . | trunc 8) -}}
{{- end -}}
{{- end -}}
