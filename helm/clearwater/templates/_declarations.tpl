{{/* Declarations as the files that the worker reads: data of ConfigMaps. */}}

{{/* Of (dict "context" $ "names" LIST). */}}
{{- define "clearwater.pipelineFiles" -}}
{{- range .names }}
{{ . }}.yaml: |
  {{- merge (dict "pipeline" .) (get $.context.Values.pipelines . | default dict | deepCopy) | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "clearwater.policyFiles" -}}
{{- range $name, $policy := .Values.policies }}
{{ $name }}.policy.yaml: |
  {{- merge (dict "policy" $name) (deepCopy $policy) | toYaml | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "clearwater.tableFiles" -}}
{{- range $name, $content := .Values.tables }}
{{ $name }}: |
  {{- kindIs "string" $content | ternary $content (toYaml $content) | nindent 2 }}
{{- end }}
{{- end -}}
