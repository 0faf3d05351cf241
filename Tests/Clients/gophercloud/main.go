// Does what the tests say on standard input, a line each, and answers each line with one of JSON. The lines that
// client.toml shows are put in where it says so.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/gophercloud/gophercloud"
	"github.com/gophercloud/gophercloud/openstack"
	"github.com/gophercloud/gophercloud/openstack/identity/v3/projects"
	"github.com/gophercloud/gophercloud/openstack/identity/v3/tokens"
	"github.com/gophercloud/gophercloud/pagination"
)

func login() (*gophercloud.ServiceClient, error) {
	// The lines in client.toml.
	return vpcep, err
}

// Connections is a page of connections; the next one begins where this one ends.
type Connections struct {
	pagination.PageResult
}

func (page Connections) ids() (ids []string, err error) {
	var body struct {
		Connections []struct{ ID string }
	}
	err = page.ExtractInto(&body)
	for _, connection := range body.Connections {
		ids = append(ids, connection.ID)
	}
	return
}

// GetBody is what all pages are put together from.
func (page Connections) GetBody() interface{} {
	return page.Body
}

// IsEmpty is how the pager learns that the last page was the last.
func (page Connections) IsEmpty() (bool, error) {
	ids, err := page.ids()
	return len(ids) == 0, err
}

// NextPageURL is where the pager goes on.
func (page Connections) NextPageURL() (string, error) {
	ids, err := page.ids()
	if err != nil {
		return "", err
	}
	query := page.URL.Query()
	offset, _ := strconv.Atoi(query.Get("offset"))
	query.Set("offset", strconv.Itoa(offset+len(ids)))
	next := url.URL(page.URL)
	next.RawQuery = query.Encode()
	return next.String(), nil
}

func do(vpcep *gophercloud.ServiceClient, words []string) (interface{}, error) {
	identity := &gophercloud.ServiceClient{ProviderClient: vpcep.ProviderClient, Endpoint: vpcep.IdentityEndpoint}
	switch words[0] {
	case "endpoint":
		return vpcep.Endpoint, nil
	case "project":
		project, err := tokens.Get(identity, vpcep.TokenID).ExtractProject()
		return project, err
	case "token":
		return vpcep.TokenID, nil
	case "projects":
		page, err := projects.List(identity, projects.ListOpts{}).AllPages()
		if err != nil {
			return nil, err
		}
		return projects.ExtractProjects(page)
	case "list": // service query: the identifiers of each page
		pages := [][]string{}
		address := vpcep.ServiceURL("vpc-endpoint-services", words[1], "connections") + "?" + strings.Join(words[2:], "")
		err := pagination.NewPager(vpcep, address, func(result pagination.PageResult) pagination.Page {
			return Connections{result}
		}).EachPage(func(page pagination.Page) (bool, error) {
			ids, err := page.(Connections).ids()
			pages = append(pages, ids)
			return true, err
		})
		return pages, err
	default: // method path [body]
		var answer interface{}
		options := &gophercloud.RequestOpts{OkCodes: []int{200, 201, 202, 204}}
		if len(words) > 2 {
			options.JSONBody = json.RawMessage(words[2])
		}
		if words[0] != http.MethodDelete {
			options.JSONResponse = &answer
		}
		_, err := vpcep.Request(words[0], vpcep.ServiceURL(strings.Split(words[1], "/")...), options)
		return answer, err
	}
}

func main() {
	vpcep, err := login()
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var answer interface{}
		if err == nil {
			answer, err = do(vpcep, strings.SplitN(lines.Text(), " ", 3))
		}
		line := map[string]interface{}{"answer": answer}
		if err != nil {
			line["error"], line["message"] = fmt.Sprintf("%T", err), err.Error()
		}
		text, _ := json.Marshal(line)
		fmt.Println(string(text))
		if vpcep != nil {
			err = nil
		}
	}
}
